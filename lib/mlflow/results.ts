import { join } from "node:path";
import { UserError } from "../errors.ts";
import { exists, readFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import type { DatasetInput, Pairs } from "./client.ts";
import { HINT, type LabelledFigures, readResultFiles } from "./result_files.ts";

/** A file that belongs to a run. */
export interface LoggedFile {
  /** Path below the project's folder. */
  file: string;
  /** Path among the run's artifacts. */
  artifact: string;
}

/** What one run holds. */
export interface RunContent {
  runName: string;
  params: Pairs;
  metrics: Record<string, number>;
  files: LoggedFile[];
}

/** What the run of one model holds. */
export interface ModelContent extends RunContent {
  /** For example `rf`. */
  model: string;
}

/** What the pipeline made, in the shape in which it is logged. */
export interface Results {
  /** How validation rows were chosen: figures of a random split are no forecast's. */
  split: "time" | "random";
  /** Name of the best model. */
  best: string;
  parent: RunContent;
  children: ModelContent[];
  datasets: DatasetInput[];
  /** SHA-256 over all files but dvc.lock, which DVC rewrites when the logging is done. */
  digest: string;
}

/**
 * Reads the pipeline's results: metrics/, models/, data/processed/ and params.yaml.
 *
 * Each entry of metrics/metrics_all.json with training metrics is a model and gets a run of its
 * own. One without is a baseline: its metrics go to the parent run.
 *
 * @param base The project's folder.
 * @throws {UserError} naming a file that is missing or of another shape, or the value in params.yaml
 * that the results were not made with.
 *
 * @example
 * ```ts
 * import { readResults } from "./results.ts";
 * const { best, children } = await readResults(".");
 * console.log(best, children.map(({ model }) => model)); // "gbr" ["rf", "gbr"]
 * ```
 */
export async function readResults(base: string): Promise<Results> {
  const { params, metrics, best, profile, models, baselines } = await readResultFiles(base);
  const { strategy } = params.split;
  const label = strategy === "time" ? "time split" : "random split, not a forecast";
  const shared = { ...flat("split.", params.split), ...flat("select.", params.select) };
  const plots = await listPlots(base);
  const names = Object.keys(models);
  const plotsOf = (owner: string | null) =>
    plots.filter((plot) => plotOwner(plot, names) === owner)
      .map((plot) => under("plots", `metrics/plots/${plot}`));

  const children = names.map((model): ModelContent => ({
    model,
    runName: `${model} (${label})`,
    params: { ...flat("", models[model]!), ...shared },
    metrics: {
      ...figures("train_", metrics[model]!.train!),
      ...figures("val_", metrics[model]!.val),
    },
    files: [
      under("metrics", `metrics/train_metrics_${model}.json`),
      under("metrics", `metrics/val_metrics_${model}.json`),
      under("predictions", `metrics/val_predictions_${model}.csv`),
      ...plotsOf(model),
      under("model", `models/${model}.json`),
    ],
  }));
  const baselineFiles = baselines.flatMap((name) => [
    under("metrics", `metrics/val_metrics_${name}.json`),
    under("predictions", `metrics/val_predictions_${name}.csv`),
  ]);
  const parent: RunContent = {
    runName: `retail demand, best ${best.model} (${label})`,
    params: shared,
    metrics: Object.assign(
      figures("best_val_", best),
      ...baselines.map((name) => figures(`${name}_val_`, metrics[name]!.val)),
    ),
    files: [
      under("metrics", "metrics/metrics_all.json"),
      under("metrics", "metrics/best_val_metrics.json"),
      ...await present(base, baselineFiles),
      under("data", "data/processed/profile.json"),
      ...plotsOf(null),
      under("", "params.yaml"),
    ],
  };

  const files = [parent, ...children].flatMap(({ files }) => files.map(({ file }) => file));
  const data = {
    "data/processed/train.parquet": "training",
    "data/processed/val.parquet": "validation",
  };
  const hashes = await hashFiles(base, [...files, ...Object.keys(data)]);
  parent.files.push(...await present(base, [under("", "dvc.lock")]));
  return {
    split: strategy,
    best: best.model,
    parent,
    children,
    datasets: Object.entries(data).map(([file, context]) => ({
      name: file.slice(file.lastIndexOf("/") + 1, file.lastIndexOf(".")),
      digest: hashes[file]!.slice(0, 32),
      source: file,
      profile: JSON.stringify(profile),
      context,
    })),
    digest: await sha256(JSON.stringify(Object.entries(hashes).sort())),
  };
}

/** The model whose name ends a plot's (`residuals_over_time_rf.svg`), or null. */
export function plotOwner(plot: string, models: string[]): string | null {
  const owners = models.filter((model) => plot.endsWith(`_${model}.svg`));
  // Of models `rf` and `quantile_rf`, the longer name.
  return owners.sort((a, b) => b.length - a.length)[0] ?? null;
}

function under(folder: string, file: string): LoggedFile {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return { file, artifact: folder === "" ? name : `${folder}/${name}` };
}

/** Only numbers are metrics; names and labels beside them are left out. */
function figures(prefix: string, values: LabelledFigures): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === "number") numbers[prefix + key] = value;
  }
  return numbers;
}

function flat(prefix: string, section: Record<string, unknown>): Pairs {
  return Object.fromEntries(
    Object.entries(section).map(([key, value]) => [prefix + key, String(value)]),
  );
}

async function present(base: string, files: LoggedFile[]): Promise<LoggedFile[]> {
  const there = await Promise.all(files.map(({ file }) => exists(join(base, file))));
  return files.filter((_, index) => there[index]);
}

async function hashFiles(base: string, files: string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await sha256(await readFile(join(base, file), HINT));
  return hashes;
}

async function listPlots(base: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(join(base, "metrics/plots"))) {
      if (name.endsWith(".svg")) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (names.length === 0) throw new UserError(`metrics/plots holds no SVG file. ${HINT}`);
  return names.sort();
}

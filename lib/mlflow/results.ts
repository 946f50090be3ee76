import { join } from "node:path";
import { UserError } from "../errors.ts";
import { BASELINE } from "../evaluation/baseline.ts";
import { cardPath } from "../evaluation/card/file.ts";
import type { SplitStrategy } from "../evaluation/metrics.ts";
import { type LearningPoint, readLearningCurves } from "../evaluation/learning_curves_csv.ts";
import { exists, readFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import type { Model } from "../model/model.ts";
import type { Params } from "../params_schema.ts";
import type { DatasetInput, Pairs } from "./entities.ts";
import { describeRun, describeVersion, type Slices } from "./model_description.ts";
import {
  HINT,
  type LabelledFigures,
  readResultFiles,
  readSlices,
  type ResultFiles,
} from "./result_files.ts";

const CURVES = "metrics/learning_curves.csv";

/** Data sets that the runs have read, and what for. */
const DATASETS = {
  "data/processed/train.parquet": "training",
  "data/processed/val.parquet": "validation",
};

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
  /** In Markdown. */
  description: string;
  params: Pairs;
  metrics: Record<string, number>;
  files: LoggedFile[];
}

/** A value of a metric along the training of a model. */
export interface MetricPoint {
  key: string;
  value: number;
  /** For example the number of trees. */
  step: number;
}

/** What the run of one model holds. */
export interface ModelContent extends RunContent {
  /** For example `rf`. */
  model: string;
  /** The file of the model to serve, below the project's folder. */
  modelFile: string;
  history: MetricPoint[];
}

/** What the pipeline made, in the shape in which it is logged. */
export interface Results {
  /** The project's folder, which the files are below. */
  base: string;
  /** How validation rows were chosen: figures of a random split are no forecast's. */
  split: SplitStrategy;
  /** The same in words. */
  splitLabel: string;
  /** Name of the best model. */
  best: string;
  params: Params;
  /** Error of the seasonal-naive baseline on validation, by `select.metric`. */
  naive: number;
  parent: RunContent;
  children: ModelContent[];
  datasets: DatasetInput[];
  /**
   * SHA-256 over the parameters and the files. Not over the text of params.yaml, whose comments make
   * no other run, and not over dvc.lock, which DVC rewrites when the logging is done.
   */
  digest: string;
}

/**
 * Reads the pipeline's results: metrics/, models/, data/processed/ and params.yaml. Each candidate
 * gets a run of its own; the baseline's metrics go to the parent run.
 *
 * @param base The project's folder.
 * @throws {UserError} naming a file that is missing or of another shape, or a value that is not the
 * same in two files.
 *
 * @example
 * ```ts
 * import { readResults } from "./results.ts";
 * const { best, children } = await readResults(".");
 * console.log(best, children.map(({ model }) => model)); // "blend" [ "seasonal", "rf", ... ]
 * ```
 */
export async function readResults(base: string): Promise<Results> {
  const results = await readResultFiles(base);
  const { params, models, metrics, best, profile } = results;
  const { strategy } = params.split;
  const splitLabel = strategy === "time" ? "time split" : "random split, not a forecast";
  const plots = await listPlots(base);
  const parent = describeParent(results, plots, splitLabel);
  const curves = await readLearningCurves(join(base, CURVES));
  const children: ModelContent[] = [];
  for (const model of models) {
    const slices = await readSlices(base, model.name);
    children.push(describeModel(model, results, { plots, splitLabel, slices, curves }));
  }

  const files = [
    ...[parent, ...children].flatMap(({ files }) => files.map(({ file }) => file)),
    ...children.map(({ modelFile }) => modelFile),
  ];
  const hashes = await hashFiles(base, [...files, ...Object.keys(DATASETS)]);
  parent.files.push(under("", "params.yaml"), ...await present(base, [under("", "dvc.lock")]));
  return {
    base,
    split: strategy,
    splitLabel,
    best: best.model,
    params,
    naive: metrics[BASELINE]!.val[params.select.metric] as number,
    parent,
    children,
    datasets: Object.entries(DATASETS).map(([file, context]) => ({
      name: file.slice(file.lastIndexOf("/") + 1, file.lastIndexOf(".")),
      digest: hashes[file]!.slice(0, 32),
      source: file,
      profile: JSON.stringify(profile),
      context,
    })),
    digest: await sha256(JSON.stringify([params, Object.entries(hashes).sort()])),
  };
}

/** What is of all models together, and of the baseline. */
function describeParent(
  { params, models, metrics, best }: ResultFiles,
  plots: string[],
  splitLabel: string,
): RunContent {
  const names = models.map(({ name }) => name);
  return {
    runName: `retail demand, best ${best.model} (${splitLabel})`,
    description: describeRun(best.model, metrics, splitLabel),
    params: sharedParams(params),
    metrics: {
      ...figures("best_val_", best),
      ...figures(`${BASELINE}_folds_`, metrics[BASELINE]!.folds ?? {}),
      ...figures(`${BASELINE}_val_`, metrics[BASELINE]!.val),
    },
    files: [
      under("metrics", "metrics/metrics_all.json"),
      under("metrics", "metrics/best_val_metrics.json"),
      under("metrics", "metrics/folds.parquet"),
      under("metrics", CURVES),
      under("", "metrics/report.html"),
      under("metrics", `metrics/val_metrics_${BASELINE}.json`),
      under("predictions", `metrics/val_predictions_${BASELINE}.csv`),
      under("data", "data/processed/profile.json"),
      ...plotsOf(null, plots, names),
    ],
  };
}

function describeModel(
  { name, training }: Model,
  { params, models, metrics }: ResultFiles,
  { plots, splitLabel, slices, curves }: {
    plots: string[];
    splitLabel: string;
    slices: Slices;
    curves: LearningPoint[];
  },
): ModelContent {
  const { train = {}, folds = {}, val } = metrics[name]!;
  const names = models.map(({ name }) => name);
  return {
    model: name,
    modelFile: `models/${name}.json`,
    description: describeVersion(name, metrics[name]!, metrics[BASELINE]!, slices, splitLabel),
    history: curves.filter(({ model }) => model === name).flatMap(({ trees, rmse, mae, wmae }) =>
      Object.entries({ rmse, mae, wmae }).map(([metric, value]) => ({
        key: `val_${metric}_by_trees`,
        value,
        step: trees,
      }))
    ),
    runName: `${name} (${splitLabel})`,
    params: { ...ownParams(training.parameters), ...sharedParams(params) },
    metrics: {
      ...figures("train_", train),
      ...figures("folds_", folds),
      ...figures("val_", val),
    },
    files: [
      under("metrics", `metrics/train_metrics_${name}.json`),
      under("metrics", `metrics/val_metrics_${name}.json`),
      under("metrics", cardPath(`models/${name}.json`)),
      under("predictions", `metrics/val_predictions_${name}.csv`),
      ...plotsOf(name, plots, names),
    ],
  };
}

/** A single learner's parameters by their names, those of a blend's with the learner's. */
function ownParams({ seasonal, rf, gbr, shares }: Model["training"]["parameters"]): Pairs {
  const prefix = (name: string) => rf && gbr ? `${name}.` : "";
  return {
    ...flat("seasonal.", seasonal),
    ...rf && flat(prefix("rf"), rf),
    ...gbr && flat(prefix("gbr"), gbr),
    ...shares && flat("shares.", shares),
  };
}

/** Parameters that are of no single model. */
function sharedParams({ split, folds, select, registry }: Params): Pairs {
  return {
    ...flat("split.", split),
    ...flat("folds.", folds),
    ...flat("select.", select),
    ...flat("registry.", registry),
  };
}

function plotsOf(owner: string | null, plots: string[], models: string[]): LoggedFile[] {
  return plots.filter((plot) => plotOwner(plot, models) === owner)
    .map((plot) => under("plots", `metrics/plots/${plot}`));
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
function figures(prefix: string, values: Partial<LabelledFigures>): Record<string, number> {
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

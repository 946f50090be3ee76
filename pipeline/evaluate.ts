import { join } from "node:path";
import { z } from "zod";
import { BASELINE, seasonalNaive } from "../lib/evaluation/baseline.ts";
import { drawCharts } from "../lib/charts/draw_charts.ts";
import { weeklyTotals, weeklyTotalsCsv } from "../lib/charts/weeks.ts";
import { runCommand } from "../lib/cli.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { UserError } from "../lib/errors.ts";
import { exists, readFile, readTextFile, writeFileAtomic } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import {
  type LabelledMetrics,
  type Metrics,
  type MetricsAll,
  regressionMetrics,
  roundMetrics,
  type SplitStrategy,
} from "../lib/evaluation/metrics.ts";
import { readModel } from "../lib/model/file.ts";
import type { Model } from "../lib/model/model.ts";
import { predict } from "../lib/model/predict.ts";
import { readParams } from "../lib/params.ts";
import { predictionsCsv } from "../lib/evaluation/predictions_csv.ts";
import { startProgress } from "../lib/progress.ts";
import { selectBest } from "../lib/evaluation/select.ts";
import { type SliceMetrics, sliceMetrics, validationSlicings } from "../lib/evaluation/slices.ts";
import { splitLabel } from "../lib/evaluation/split_label.ts";

/** Names of models that come first, wherever models are listed. */
const FIRST = ["rf", "gbr"];

const profileSchema = z.object({ split: z.object({ strategy: z.enum(["time", "random"]) }) });

/**
 * Measures every model of models/ and the seasonal-naive baseline on the validation rows, and writes
 * metrics/: metrics_all.json, best_val_metrics.json, for each model and the baseline
 * val_metrics_NAME.json and val_predictions_NAME.csv, total_by_week.csv, and pictures in plots/. Equal inputs give
 * equal bytes.
 *
 * @param folder The project's folder, which holds params.yaml.
 * @throws {UserError} where a file is missing or does not belong to the others.
 */
export async function evaluate(folder = "."): Promise<void> {
  const { select } = await readParams(join(folder, "params.yaml"));
  const processed = join(folder, "data/processed");
  const split = await readSplitStrategy(join(processed, "profile.json"));
  const train = await readSalesTable(join(processed, "train.parquet"));
  const validation = await readSalesTable(join(processed, "val.parquet"));
  const models = await readModels(join(folder, "models"), join(processed, "train.parquet"));

  const progress = startProgress("eval", models.length + 1, "models and baseline");
  const metricsAll: MetricsAll = {};
  const predictions: Record<string, Float64Array> = {};
  try {
    models.forEach((model, index) => {
      predictions[model.name] = predict(model, validation.features);
      metricsAll[model.name] = {
        // The model's own figures: readModels made sure that it learned from these very rows.
        train: { ...roundMetrics(model.training.metrics.train), split },
        val: measure(validation, predictions[model.name]!, split),
      };
      progress.update(index + 1);
    });
  } finally {
    progress.end();
  }
  const naive = seasonalNaive(train, validation);
  predictions[BASELINE] = naive.predictions;
  metricsAll[BASELINE] = { val: measure(validation, naive.predictions, split) };

  const validationMetrics = Object.fromEntries(
    Object.entries(metricsAll).map(([name, { val }]) => [name, val]),
  );
  const best = selectBest(
    Object.fromEntries(models.map(({ name }) => [name, validationMetrics[name]!])),
    select.metric,
  );
  const label = splitLabel(split, train.length, validation.day);
  const pictures = await drawCharts({
    validation,
    label,
    metrics: validationMetrics,
    predictions,
    importance: Object.fromEntries(models.map(({ name, training }) => [name, training.importance])),
  });

  const out = join(folder, "metrics");
  const slicings = validationSlicings(train, validation);
  for (const [name, predicted] of Object.entries(predictions)) {
    const { split: _, ...overall } = validationMetrics[name]!;
    const slices = sliceMetrics(
      slicings,
      validation.sales,
      predicted,
      validation.features.IsHoliday,
    );
    const metrics = {
      model: name,
      split,
      overall,
      slices: roundSlices(slices),
      // Where the baseline's predictions came from, in rows.
      ...(name === BASELINE ? { sources: naive.sources } : {}),
    };
    await writeJson(join(out, `val_metrics_${name}.json`), metrics);
    await writeFileAtomic(
      join(out, `val_predictions_${name}.csv`),
      predictionsCsv(validation, predicted),
    );
  }
  await writeFileAtomic(
    join(out, "total_by_week.csv"),
    weeklyTotalsCsv(weeklyTotals(validation.day, validation.sales, predictions)),
  );
  await replacePictures(join(out, "plots"), pictures);
  const { split: _, ...bestMetrics } = validationMetrics[best]!;
  await writeJson(join(out, "best_val_metrics.json"), {
    model: best,
    split,
    validation: label,
    selected_by: select.metric,
    ...bestMetrics,
  });
  await writeJson(join(out, "metrics_all.json"), metricsAll);
  console.log(`evaluated ${models.length} models and the baseline on the ${label}`);
}

/** All models but models/model.json, which is a copy of one of them. */
async function readModels(folder: string, trainFile: string): Promise<Model[]> {
  const names: string[] = [];
  if (await exists(folder)) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && name.endsWith(".json") && name !== "model.json") {
        names.push(name.slice(0, -".json".length));
      }
    }
  }
  if (names.length === 0) {
    throw new UserError(`${folder} holds no models. Run \`deno task repro\` to train them.`);
  }
  const rank = (name: string) => FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
  names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

  const data = await sha256(await readFile(trainFile, "Run `deno task repro` to make it."));
  const models: Model[] = [];
  for (const name of names) {
    const path = join(folder, `${name}.json`);
    const model = await readModel(path);
    // On another split it may have seen the validation rows, and would look better than it is.
    if (model.training.data !== data) {
      throw new UserError(
        `${path} was trained on other rows than those of ${trainFile}. ` +
          "Run `deno task repro` to train it anew.",
      );
    }
    models.push({ ...model, name });
  }
  return models;
}

async function readSplitStrategy(path: string): Promise<SplitStrategy> {
  const text = await readTextFile(path, "Run `deno task repro` to make it.");
  try {
    return profileSchema.parse(JSON.parse(text)).split.strategy;
  } catch {
    throw new UserError(
      `${path}: expected split.strategy to be "time" or "random". ` +
        "Run `deno task repro --force` to make it anew.",
    );
  }
}

function measure(
  { sales, features }: SalesTable,
  predicted: Float64Array,
  split: SplitStrategy,
): LabelledMetrics {
  return { ...roundMetrics(regressionMetrics(sales, predicted, features.IsHoliday)), split };
}

function roundSlices(slices: SliceMetrics): SliceMetrics {
  const roundParts = (parts: Record<string, Metrics>) =>
    Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, roundMetrics(value)]));
  return Object.fromEntries(
    Object.entries(slices).map(([name, parts]) => [name, roundParts(parts)]),
  );
}

/** Writes `pictures` into `folder` and removes others, such as those of a model that is gone. */
async function replacePictures(folder: string, pictures: Record<string, string>): Promise<void> {
  for (const [name, svg] of Object.entries(pictures)) {
    await writeFileAtomic(join(folder, name), svg);
  }
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && !(name in pictures)) await Deno.remove(join(folder, name));
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(value, null, 2) + "\n");
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=eval pipeline/evaluate.ts",
    summary: "Measures the models of models/ and the seasonal-naive baseline on " +
      "data/processed/val.parquet, and writes metrics/.",
    options: {},
  }, () => evaluate());
}

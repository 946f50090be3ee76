import { join } from "node:path";
import { drawCharts } from "../lib/charts/draw_charts.ts";
import { weeklyTotals, weeklyTotalsCsv } from "../lib/charts/weeks.ts";
import { runCommand } from "../lib/cli.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { readProfile } from "../lib/dataset/profile.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { BASELINE, type SeasonalNaive, seasonalNaive } from "../lib/evaluation/baseline.ts";
import {
  type LabelledMetrics,
  type Metrics,
  type MetricsAll,
  regressionMetrics,
  roundMetrics,
  type SplitStrategy,
} from "../lib/evaluation/metrics.ts";
import { predictionsCsv } from "../lib/evaluation/predictions_csv.ts";
import { readModels } from "../lib/evaluation/read_models.ts";
import { selectBest, type SelectMetric } from "../lib/evaluation/select.ts";
import { type SliceMetrics, sliceMetrics, validationSlicings } from "../lib/evaluation/slices.ts";
import { splitLabel } from "../lib/evaluation/split_label.ts";
import { writeFilesAtomic } from "../lib/files.ts";
import type { Model } from "../lib/model/model.ts";
import { predict } from "../lib/model/predict.ts";
import { readParams } from "../lib/params.ts";
import { startProgress } from "../lib/progress.ts";

/** What is measured, and on what. */
interface Input {
  train: SalesTable;
  validation: SalesTable;
  split: SplitStrategy;
  models: Model[];
}

/** Predictions of the validation rows in USD, by model and then of the baseline. */
type Predictions = Record<string, Float64Array>;

/**
 * Measures every candidate of models/ and the seasonal-naive baseline on the validation rows, and
 * writes metrics/: metrics_all.json, best_val_metrics.json, for each model and the baseline
 * val_metrics_NAME.json and val_predictions_NAME.csv, total_by_week.csv, and pictures in plots/.
 * Equal inputs give equal bytes.
 *
 * @param folder The project's folder, which holds params.yaml.
 * @throws {UserError} where a file is missing or does not belong to the others.
 */
export async function evaluate(folder = "."): Promise<void> {
  const params = await readParams(join(folder, "params.yaml"));
  const processed = join(folder, "data/processed");
  const profile = await readProfile(join(processed, "profile.json"));
  const input: Input = {
    split: profile.split.strategy,
    train: await readSalesTable(join(processed, "train.parquet")),
    validation: await readSalesTable(join(processed, "val.parquet")),
    models: await readModels(folder, params),
  };
  const { predictions, sources } = predictAll(input);
  const metricsAll = measureAll(input, predictions);
  const label = splitLabel(input.split, input.train.length, input.validation.day);
  const pictures = await draw(input, predictions, metricsAll, label);

  const out = join(folder, "metrics");
  const files: Record<string, string> = {
    ...filesByModel(input, predictions, metricsAll, sources),
    "total_by_week.csv": weeklyTotalsCsv(
      weeklyTotals(input.validation.day, input.validation.sales, predictions),
    ),
    "best_val_metrics.json": toJson(
      describeBest(input, metricsAll, label, params.select.metric),
    ),
    "metrics_all.json": toJson(metricsAll),
  };
  for (const [name, svg] of Object.entries(pictures)) files[`plots/${name}`] = svg;
  await writeFilesAtomic(
    Object.entries(files).map(([file, content]) => [join(out, file), content]),
  );
  await removeOthers(join(out, "plots"), pictures);
  console.log(`evaluated ${input.models.length} models and the baseline on the ${label}`);
}

function predictAll(
  { train, validation, models }: Input,
): { predictions: Predictions; sources: SeasonalNaive["sources"] } {
  const progress = startProgress("eval", models.length + 1, "models and baseline");
  const predictions: Predictions = {};
  try {
    models.forEach((model, index) => {
      predictions[model.name] = predict(model, validation.features);
      progress.update(index + 1);
    });
    const naive = seasonalNaive(train, validation);
    predictions[BASELINE] = naive.predictions;
    progress.update(models.length + 1);
    return { predictions, sources: naive.sources };
  } finally {
    progress.end();
  }
}

function measureAll({ validation, split, models }: Input, predictions: Predictions): MetricsAll {
  const metricsAll: MetricsAll = {};
  for (const { name, training } of models) {
    metricsAll[name] = {
      // The model's own figures: readModels made sure that it learned from these very rows.
      train: { ...roundMetrics(training.metrics.train), split },
      val: measure(validation, predictions[name]!, split),
    };
  }
  metricsAll[BASELINE] = { val: measure(validation, predictions[BASELINE]!, split) };
  return metricsAll;
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

async function draw(
  { validation, models }: Input,
  predictions: Predictions,
  metricsAll: MetricsAll,
  label: string,
): Promise<Record<string, string>> {
  return await drawCharts({
    validation,
    splitLabel: label,
    metrics: Object.fromEntries(Object.entries(metricsAll).map(([name, { val }]) => [name, val])),
    predictions,
    importance: Object.fromEntries(models.map(({ name, training }) => [name, training.importance])),
  });
}

/** Metrics by slice, and the predictions, of each model and the baseline: content by file. */
function filesByModel(
  { train, validation, split }: Input,
  predictions: Predictions,
  metricsAll: MetricsAll,
  sources: SeasonalNaive["sources"],
): Record<string, string> {
  const files: Record<string, string> = {};
  const { sales, features: { IsHoliday } } = validation;
  const slicings = validationSlicings(train, validation);
  for (const [name, predicted] of Object.entries(predictions)) {
    const { split: _, ...overall } = metricsAll[name]!.val;
    files[`val_metrics_${name}.json`] = toJson({
      model: name,
      split,
      overall,
      slices: roundSlices(sliceMetrics(slicings, sales, predicted, IsHoliday)),
      // Where the baseline's predictions came from, in rows.
      ...(name === BASELINE ? { sources } : {}),
    });
    files[`val_predictions_${name}.csv`] = predictionsCsv(validation, predicted);
  }
  return files;
}

/** Content of metrics/best_val_metrics.json: the model with the lowest `metric` on validation. */
function describeBest(
  { models, split }: Input,
  metricsAll: MetricsAll,
  label: string,
  metric: SelectMetric,
) {
  const best = selectBest(
    Object.fromEntries(models.map(({ name }) => [name, metricsAll[name]!.val])),
    metric,
  );
  const { split: _, ...metrics } = metricsAll[best]!.val;
  return { model: best, split, validation: label, selected_by: metric, ...metrics };
}

/** Removes what is not of `pictures`, such as those of a model that is gone. */
async function removeOthers(folder: string, pictures: Record<string, string>): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && !(name in pictures)) await Deno.remove(join(folder, name));
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=eval pipeline/evaluate.ts",
    summary: "Measures the models of models/ and the seasonal-naive baseline on " +
      "data/processed/val.parquet, and writes metrics/.",
    options: {},
  }, () => evaluate());
}

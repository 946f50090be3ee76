import { join } from "node:path";
import { drawCharts } from "../lib/charts/draw_charts.ts";
import { weeklyTotals, weeklyTotalsCsv } from "../lib/charts/weeks.ts";
import { runCommand } from "../lib/cli.ts";
import { readFolds } from "../lib/dataset/folds_parquet.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { readProfile } from "../lib/dataset/profile.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { BASELINE, type SeasonalNaive, seasonalNaive } from "../lib/evaluation/baseline.ts";
import { coverageOf, sliceCoverage } from "../lib/evaluation/coverage.ts";
import {
  foldHorizons,
  foldMetrics,
  type FoldModel,
  foldResiduals,
  type Folds,
} from "../lib/evaluation/folds.ts";
import {
  type ForecastMetrics,
  type Metrics,
  type MetricsAll,
  regressionMetrics,
  roundMetric,
  roundMetrics,
  type SplitStrategy,
} from "../lib/evaluation/metrics.ts";
import { predictionsCsv } from "../lib/evaluation/predictions_csv.ts";
import { readModels } from "../lib/evaluation/read_models.ts";
import { chooseModel, type SelectMetric } from "../lib/evaluation/select.ts";
import {
  forecastSlicings,
  type SliceMetrics,
  sliceMetrics,
  validationSlicings,
} from "../lib/evaluation/slices.ts";
import { formatDay } from "../lib/features/calendar.ts";
import { calibrate, type Residuals } from "../lib/intervals/conformal.ts";
import { splitLabel } from "../lib/evaluation/split_label.ts";
import { writeFilesAtomic } from "../lib/files.ts";
import type { Model } from "../lib/model/model.ts";
import { forecast, type Forecasts } from "../lib/model/predict.ts";
import { readParams } from "../lib/params.ts";
import { startProgress } from "../lib/progress.ts";
import { joinWords } from "../lib/words.ts";

/** What is measured, and on what. */
interface Input {
  train: SalesTable;
  validation: SalesTable;
  split: SplitStrategy;
  models: Model[];
  folds: Folds;
}

/** Predictions of the validation rows in USD, by model and then of the baseline. */
type Predictions = Record<string, Float64Array>;

/** What was forecast of the validation rows. */
interface Predicted {
  predictions: Predictions;
  /** By model, not of the baseline. */
  forecasts: Record<string, Forecasts>;
  sources: SeasonalNaive["sources"];
}

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
    models: await readModels(folder),
    folds: await readFolds(join(folder, "metrics/folds.parquet")),
  };
  const predicted = predictAll(input);
  const { predictions } = predicted;
  const metricsAll = measureAll(input, predictions);
  const label = splitLabel(input.split, input.train.length, input.validation.day);
  const pictures = await draw(input, predictions, metricsAll, label);

  const out = join(folder, "metrics");
  const files: Record<string, string> = {
    ...filesByModel(input, predicted, metricsAll),
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

function predictAll({ train, validation, models }: Input): Predicted {
  const progress = startProgress("eval", models.length + 1, "models and baseline");
  const predictions: Predictions = {}, forecasts: Predicted["forecasts"] = {};
  try {
    models.forEach((model, index) => {
      forecasts[model.name] = forecast(model, validation.features);
      predictions[model.name] = forecasts[model.name]!.predictions;
      progress.update(index + 1);
    });
    const naive = seasonalNaive(train, validation);
    predictions[BASELINE] = naive.predictions;
    progress.update(models.length + 1);
    return { predictions, forecasts, sources: naive.sources };
  } finally {
    progress.end();
  }
}

function measureAll(
  { validation: { sales, features }, split, models, folds }: Input,
  predictions: Predictions,
): MetricsAll {
  const onFolds = folds.length > 0 ? foldMetrics(folds) : undefined;
  const val = (name: string) => regressionMetrics(sales, predictions[name]!, features.IsHoliday);
  const label = (metrics: Metrics, baseline: Metrics): ForecastMetrics => ({
    ...roundMetrics(metrics),
    skill: skillOf(metrics, baseline),
    split,
  });
  const naive = val(BASELINE);
  return Object.fromEntries(
    [...models.map(({ name }) => name), BASELINE].map((name): [string, MetricsAll[string]] => {
      // The model's own figures: readModels made sure that it learned from these very rows.
      const train = models.find((model) => model.name === name)?.training.metrics.train;
      return [name, {
        ...train && { train: { ...roundMetrics(train), split } },
        ...onFolds && { folds: label(onFolds[name as FoldModel], onFolds[BASELINE]) },
        val: label(val(name), naive),
      }];
    }),
  );
}

function skillOf({ wmae }: Metrics, baseline: Metrics): number {
  return roundMetric(baseline.wmae > 0 ? 1 - wmae / baseline.wmae : 0);
}

function roundSlices(slices: SliceMetrics): SliceMetrics {
  const roundParts = (parts: Record<string, Metrics>) =>
    Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, roundMetrics(value)]));
  return Object.fromEntries(
    Object.entries(slices).map(([name, parts]) => [name, roundParts(parts)]),
  );
}

async function draw(
  { validation, models, folds }: Input,
  predictions: Predictions,
  metricsAll: MetricsAll,
  label: string,
): Promise<Record<string, string>> {
  const onFolds = Object.entries(metricsAll).flatMap(([name, { folds }]) =>
    folds ? [[name, folds] as const] : []
  );
  const origins = [...new Set(folds.origin)].map(formatDay);
  return await drawCharts({
    ...onFolds.length > 0 && {
      folds: {
        metrics: Object.fromEntries(onFolds),
        label: `folds, forecast from ${joinWords(origins)}`,
      },
    },
    validation,
    splitLabel: label,
    metrics: Object.fromEntries(Object.entries(metricsAll).map(([name, { val }]) => [name, val])),
    predictions,
    importance: Object.fromEntries(models.map(({ name, training }) => [name, training.importance])),
  });
}

/** Metrics by slice, and the predictions, of each model and the baseline: content by file. */
function filesByModel(
  input: Input,
  { predictions, forecasts, sources }: Predicted,
  metricsAll: MetricsAll,
): Record<string, string> {
  const { train, validation, split, folds } = input;
  const files: Record<string, string> = {};
  const { sales, features: { IsHoliday } } = validation;
  const slicings = validationSlicings(train, validation);
  const reportFolds = folds.length > 0 ? createFoldReport(folds) : undefined;
  for (const [name, predicted] of Object.entries(predictions)) {
    const { split: _, ...overall } = metricsAll[name]!.val;
    files[`val_metrics_${name}.json`] = toJson({
      model: name,
      split,
      overall,
      slices: roundSlices(sliceMetrics(slicings, sales, predicted, IsHoliday)),
      // Rows of a random split lie in weeks that the model knows: intervals are for those to come.
      ...folds.length > 0 && split === "time" && {
        intervals: measureIntervals(input, predictions, forecasts, name, slicings),
      },
      ...reportFolds && { folds: reportFolds(name as FoldModel) },
      // Where the baseline's predictions came from, in rows.
      ...(name === BASELINE ? { sources } : {}),
    });
    files[`val_predictions_${name}.csv`] = predictionsCsv(validation, predicted);
  }
  return files;
}

/** How intervals that were calibrated on the folds turned out on validation, in all and by slice. */
function measureIntervals(
  { models, validation, folds }: Input,
  predictions: Predictions,
  forecasts: Record<string, Forecasts>,
  name: string,
  slicings: ReturnType<typeof validationSlicings>,
) {
  // Scales and horizons are the same for all models.
  const { horizons, scale } = forecasts[models[0]!.name]!;
  const residuals: Residuals = {
    residuals: validation.sales.map((actual, row) => actual - predictions[name]![row]!),
    horizons,
    scales: scale,
  };
  const calibration = models.find((model) => model.name === name)?.intervals ??
    calibrate(foldResiduals(folds, name as FoldModel));
  return {
    overall: coverageOf(calibration, residuals),
    slices: sliceCoverage(slicings, calibration, residuals),
  };
}

/** Makes a function that describes one model's rolling-origin validation: overall, by origin, by slice. */
function createFoldReport(folds: Folds) {
  const overall = foldMetrics(folds);
  const origins = [...new Set(folds.origin)].map((origin) =>
    [formatDay(origin), foldMetrics(folds, origin)] as const
  );
  const slicings = forecastSlicings({ ...folds, horizon: foldHorizons(folds) });
  const { sales, predictions, isHoliday } = folds;
  return (name: FoldModel) => {
    const describe = (all: Record<FoldModel, Metrics>) => ({
      ...roundMetrics(all[name]),
      skill: skillOf(all[name], all[BASELINE]),
    });
    return {
      overall: describe(overall),
      origins: Object.fromEntries(origins.map(([origin, all]) => [origin, describe(all)])),
      slices: roundSlices(sliceMetrics(slicings, sales, predictions[name], isHoliday)),
    };
  };
}

/**
 * Content of metrics/best_val_metrics.json: the model with the lowest `metric` on the folds, which
 * know nothing of the validation rows that its figures are of.
 */
function describeBest(
  { models, split }: Input,
  metricsAll: MetricsAll,
  label: string,
  metric: SelectMetric,
) {
  const { model: best, chosenOn: chosen_on } = chooseModel(
    Object.fromEntries(models.map(({ name }) => [name, metricsAll[name]!])),
    metric,
  );
  const { split: _, ...metrics } = metricsAll[best]!.val;
  return { model: best, split, validation: label, selected_by: metric, chosen_on, ...metrics };
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

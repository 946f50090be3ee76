import { join } from "node:path";
import { treeLearners } from "../lib/candidates.ts";
import { drawCharts } from "../lib/charts/draw_charts.ts";
import { weeklyTotals, weeklyTotalsCsv } from "../lib/charts/weeks.ts";
import { runCommand } from "../lib/cli.ts";
import { readFolds } from "../lib/dataset/folds_parquet.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { type Profile, readProfile } from "../lib/dataset/profile.ts";
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
import { type CurvePoint, learningCurve } from "../lib/evaluation/learning_curve.ts";
import { learningCurvesCsv } from "../lib/evaluation/learning_curves_csv.ts";
import {
  type ForecastMetrics,
  type Metrics,
  type MetricsAll,
  regressionMetrics,
  roundMetric,
  roundMetrics,
} from "../lib/evaluation/metrics.ts";
import { predictionsCsv } from "../lib/evaluation/predictions_csv.ts";
import { readModels } from "../lib/evaluation/read_models.ts";
import { type Choice, chooseModel } from "../lib/evaluation/select.ts";
import {
  forecastSlicings,
  type SliceMetrics,
  sliceMetrics,
  validationSlicings,
} from "../lib/evaluation/slices.ts";
import { formatDay } from "../lib/features/calendar.ts";
import { calibrate, type Residuals } from "../lib/intervals/conformal.ts";
import { splitLabel as labelSplit } from "../lib/evaluation/split_label.ts";
import type { Model } from "../lib/model/model.ts";
import { forecast, type Forecasts } from "../lib/model/predict.ts";
import { type Params, readParams } from "../lib/params.ts";
import { startProgress } from "../lib/progress.ts";
import { reportHtml } from "../lib/report/report.ts";
import type { ModelFigures } from "../lib/report/report_input.ts";
import { joinWords } from "../lib/words.ts";
import { writeFilesAtomic } from "../lib/write_files.ts";

/** What is measured, and on what. */
interface Input {
  params: Params;
  profile: Profile;
  train: SalesTable;
  validation: SalesTable;
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

/** What metrics/val_metrics_NAME.json holds beside the model's name, its split and overall metrics. */
interface Figures extends ModelFigures {
  /** Of rolling-origin validation. */
  folds?: ReturnType<ReturnType<typeof createFoldReport>>;
  /** Where the baseline's predictions came from, in rows. */
  sources?: SeasonalNaive["sources"];
}

/**
 * Measures every candidate of models/ and the seasonal-naive baseline on the validation rows, and
 * writes metrics/: metrics_all.json, best_val_metrics.json, for each model and the baseline
 * val_metrics_NAME.json and val_predictions_NAME.csv, total_by_week.csv, learning_curves.csv,
 * pictures in plots/, and all of it to read in report.html. Equal inputs give equal bytes.
 *
 * @param folder The project's folder, which holds params.yaml.
 * @throws {UserError} where a file is missing or does not belong to the others.
 */
export async function evaluate(folder = "."): Promise<void> {
  const processed = join(folder, "data/processed");
  const input: Input = {
    params: await readParams(join(folder, "params.yaml")),
    profile: await readProfile(join(processed, "profile.json")),
    train: await readSalesTable(join(processed, "train.parquet")),
    validation: await readSalesTable(join(processed, "val.parquet")),
    models: await readModels(folder),
    folds: await readFolds(join(folder, "metrics/folds.parquet")),
  };
  const { params: { select: { metric } }, profile, train, validation, models } = input;
  const predicted = predictAll(input);
  const metricsAll = measureAll(input, predicted.predictions);
  const figures = measureParts(input, predicted);
  const curves = measureCurves(input);
  const splitLabel = labelSplit(profile.split.strategy, train.length, validation.day);
  const pictures = await draw(input, predicted.predictions, metricsAll, curves, splitLabel);
  const choice = chooseModel(
    Object.fromEntries(models.map(({ name }) => [name, metricsAll[name]!])),
    metric,
  );

  const out = join(folder, "metrics");
  const files: Record<string, string> = {
    ...filesByModel(input, predicted.predictions, metricsAll, figures),
    "total_by_week.csv": weeklyTotalsCsv(
      weeklyTotals(validation.day, validation.sales, predicted.predictions),
    ),
    "learning_curves.csv": learningCurvesCsv(curves),
    "best_val_metrics.json": toJson(describeBest(choice, input, metricsAll, splitLabel)),
    "metrics_all.json": toJson(metricsAll),
    "report.html": reportHtml({
      choice,
      metric,
      splitLabel,
      metricsAll,
      figures,
      profile,
      ...describeTraining(input),
      pictures,
    }),
  };
  for (const [name, svg] of Object.entries(pictures)) files[`plots/${name}`] = svg;
  await writeFilesAtomic(
    Object.entries(files).map(([file, content]) => [join(out, file), content]),
  );
  await removeOthers(join(out, "plots"), pictures);
  console.log(`evaluated ${models.length} models and the baseline on the ${splitLabel}`);
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
  { validation: { sales, features }, profile: { split: { strategy: split } }, models, folds }:
    Input,
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

/** Learning curves of the models that are of one learner's trees; a blend's have no order. */
function measureCurves({ params, models, validation }: Input): Record<string, CurvePoint[]> {
  const learners = treeLearners(params);
  return Object.fromEntries(
    models.filter(({ name }) => name in learners)
      .map((model) => [model.name, learningCurve(model, validation)] as const)
      .filter(([, points]) => points.length > 0),
  );
}

async function draw(
  { validation, models, folds }: Input,
  predictions: Predictions,
  metricsAll: MetricsAll,
  curves: Record<string, CurvePoint[]>,
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
    curves,
  });
}

/** Metrics by slice and by fold, and how intervals turned out, of each model and the baseline. */
function measureParts(
  input: Input,
  { predictions, forecasts, sources }: Predicted,
): Record<string, Figures> {
  const { train, validation, profile, folds } = input;
  const { sales, features: { IsHoliday } } = validation;
  const slicings = validationSlicings(train, validation);
  const reportFolds = folds.length > 0 ? createFoldReport(folds) : undefined;
  return Object.fromEntries(
    Object.entries(predictions).map(([name, predicted]): [string, Figures] => [name, {
      slices: roundSlices(sliceMetrics(slicings, sales, predicted, IsHoliday)),
      // Rows of a random split lie in weeks that the model knows: intervals are for those to come.
      ...folds.length > 0 && profile.split.strategy === "time" && {
        intervals: measureIntervals(input, predictions, forecasts, name, slicings),
      },
      ...reportFolds && { folds: reportFolds(name as FoldModel) },
      ...(name === BASELINE ? { sources } : {}),
    }]),
  );
}

/** Metrics in all and by part, and the predictions, of each model and the baseline: content by file. */
function filesByModel(
  { profile: { split: { strategy: split } }, validation }: Input,
  predictions: Predictions,
  metricsAll: MetricsAll,
  figures: Record<string, Figures>,
): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [name, predicted] of Object.entries(predictions)) {
    const { split: _, ...overall } = metricsAll[name]!.val;
    files[`val_metrics_${name}.json`] = toJson({ model: name, split, overall, ...figures[name] });
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
  { model, chosenOn: chosen_on }: Choice,
  { params, profile: { split: { strategy: split } } }: Input,
  metricsAll: MetricsAll,
  validation: string,
) {
  const { split: _, ...metrics } = metricsAll[model]!.val;
  return { model, split, validation, selected_by: params.select.metric, chosen_on, ...metrics };
}

/** Data and parameters as the models tell them: they are what these were made with. */
function describeTraining({ params, profile, models }: Input) {
  const { train, validation } = models[0]!.training.data;
  const { shares, ...parameters } = Object.assign(
    {},
    ...models.map(({ training }) => training.parameters),
  ) as Model["training"]["parameters"];
  return {
    hashes: { "train.parquet": train, "val.parquet": validation },
    parameters: {
      split: profile.split,
      select: params.select,
      ...parameters,
      ...shares && { "shares of the blend, found on the folds": shares },
    },
  };
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

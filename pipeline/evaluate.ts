import { join } from "node:path";
import { treeLearners } from "../lib/candidates.ts";
import { type ChartInput, drawCharts } from "../lib/charts/draw_charts.ts";
import { runCommand } from "../lib/cli.ts";
import { readFolds } from "../lib/dataset/folds_parquet.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { type Profile, readProfile } from "../lib/dataset/profile.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { BASELINE, type SeasonalNaive, seasonalNaive } from "../lib/evaluation/baseline.ts";
import { encodeCard } from "../lib/evaluation/card/card.ts";
import { cardPath } from "../lib/evaluation/card/file.ts";
import { type CardInput, makeCard } from "../lib/evaluation/card/make_card.ts";
import { createFoldReport, type FoldReport } from "../lib/evaluation/fold_report.ts";
import type { FoldModel, Folds } from "../lib/evaluation/folds.ts";
import { createIntervalReport } from "../lib/evaluation/interval_report.ts";
import { type CurvePoint, learningCurve } from "../lib/evaluation/learning_curve.ts";
import { learningCurvesCsv } from "../lib/evaluation/learning_curves_csv.ts";
import { measureAll } from "../lib/evaluation/measure_all.ts";
import type { MetricsAll } from "../lib/evaluation/metrics.ts";
import { predictionsCsv } from "../lib/evaluation/predictions_csv.ts";
import { readModels } from "../lib/evaluation/read_models.ts";
import { readServedModels } from "../lib/evaluation/read_served.ts";
import { type Choice, chooseModel } from "../lib/evaluation/select.ts";
import { roundSlices, sliceMetrics, validationSlicings } from "../lib/evaluation/slices.ts";
import { splitLabel as labelSplit } from "../lib/evaluation/split_label.ts";
import { spreadOf } from "../lib/evaluation/spread.ts";
import { weeklyTotals, weeklyTotalsCsv } from "../lib/evaluation/weeks.ts";
import { formatDay } from "../lib/features/calendar.ts";
import type { StoredModel } from "../lib/model/json.ts";
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
  /** Their twins to serve, in the same order. */
  served: StoredModel[];
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
  folds?: FoldReport;
  /** Where the baseline's predictions came from, in rows. */
  sources?: SeasonalNaive["sources"];
}

/**
 * Measures every candidate of models/ and the seasonal-naive baseline on the validation rows, and
 * writes metrics/: metrics_all.json, best_val_metrics.json, for each model and the baseline
 * val_metrics_NAME.json and val_predictions_NAME.csv, total_by_week.csv, learning_curves.csv,
 * pictures in plots/, and all of it to read in report.html; and for pages beside each model of
 * models/ its card, NAME.card.json, and in model.card.json that of the best. Equal inputs give equal
 * bytes.
 *
 * @param folder The project's folder, which holds params.yaml.
 * @throws {UserError} where a file is missing or does not belong to the others.
 */
export async function evaluate(folder = "."): Promise<void> {
  const processed = join(folder, "data/processed");
  const models = await readModels(folder);
  const input: Input = {
    params: await readParams(join(folder, "params.yaml")),
    profile: await readProfile(join(processed, "profile.json")),
    train: await readSalesTable(join(processed, "train.parquet")),
    validation: await readSalesTable(join(processed, "val.parquet")),
    models,
    served: await readServedModels(folder, models),
    folds: await readFolds(join(folder, "metrics/folds.parquet")),
  };
  const { params: { select: { metric } }, profile, train, validation } = input;
  const predicted = predictAll(input);
  const metricsAll = measureAll({ ...input, ...predicted, split: profile.split.strategy });
  const figures = measureParts(input, predicted);
  const curves = measureCurves(input);
  const counted = {
    totals: weeklyTotals(validation.day, validation.sales, predicted.predictions),
    spreads: Object.fromEntries(
      models.map(({ name }) => [name, spreadOf(validation.sales, predicted.predictions[name]!)]),
    ),
  };
  const splitLabel = labelSplit(profile.split.strategy, train.length, validation.day);
  const pictures = await draw(input, {
    ...counted,
    splitLabel,
    predictions: predicted.predictions,
    metricsAll,
    curves,
  });
  const choice = chooseModel(
    Object.fromEntries(models.map(({ name }) => [name, metricsAll[name]!])),
    metric,
  );

  const out = join(folder, "metrics");
  const files: Record<string, string> = {
    ...filesByModel(input, predicted.predictions, metricsAll, figures),
    "total_by_week.csv": weeklyTotalsCsv(counted.totals),
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
  const cards = makeCards(input, { ...counted, metricsAll, figures, curves });
  await writeFilesAtomic([
    ...Object.entries(files).map(([file, content]) => [join(out, file), content] as const),
    ...Object.entries({ ...cards, model: cards[choice.model]! }).map(([name, card]) =>
      [join(folder, cardPath(`models/${name}.json`)), card] as const
    ),
  ]);
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
  { metricsAll, ...measured }:
    & Pick<ChartInput, "predictions" | "totals" | "spreads" | "curves" | "splitLabel">
    & { metricsAll: MetricsAll },
): Promise<Record<string, string>> {
  const onFolds = Object.entries(metricsAll).flatMap(([name, { folds }]) =>
    folds ? [[name, folds] as const] : []
  );
  const origins = [...new Set(folds.origin)].map(formatDay);
  return await drawCharts({
    ...measured,
    ...onFolds.length > 0 && {
      folds: {
        metrics: Object.fromEntries(onFolds),
        label: `folds, forecast from ${joinWords(origins)}`,
      },
    },
    validation,
    metrics: Object.fromEntries(Object.entries(metricsAll).map(([name, { val }]) => [name, val])),
    importance: Object.fromEntries(models.map(({ name, training }) => [name, training.importance])),
  });
}

/** Metrics by slice and by fold, and how intervals turned out, of each model and the baseline. */
function measureParts(
  { train, validation, models, profile, folds }: Input,
  { predictions, forecasts, sources }: Predicted,
): Record<string, Figures> {
  const { sales, features: { IsHoliday } } = validation;
  const slicings = validationSlicings(train, validation);
  const reportFolds = folds.length > 0 ? createFoldReport(folds) : undefined;
  // Rows of a random split lie in weeks that the model knows: intervals are for those to come.
  const reportIntervals = folds.length > 0 && profile.split.strategy === "time"
    ? createIntervalReport({ models, folds, sales, predictions, forecasts, slicings })
    : undefined;
  return Object.fromEntries(
    Object.entries(predictions).map(([name, predicted]): [string, Figures] => [name, {
      slices: roundSlices(sliceMetrics(slicings, sales, predicted, IsHoliday)),
      ...reportIntervals && { intervals: reportIntervals(name as FoldModel) },
      ...reportFolds && { folds: reportFolds(name as FoldModel) },
      ...(name === BASELINE ? { sources } : {}),
    }]),
  );
}

/** The text of each model's card, by name. */
function makeCards(
  { models, served, profile: { split } }: Input,
  { spreads, curves, ...measured }:
    & Pick<CardInput, "totals" | "metricsAll" | "figures">
    & Pick<ChartInput, "spreads" | "curves">,
): Record<string, string> {
  return Object.fromEntries(models.map(({ name, training: { importance } }, index) => {
    const { checksum } = served[index]!;
    const own = { name, checksum, split, importance, curve: curves[name], spread: spreads[name]! };
    return [name, encodeCard(makeCard({ ...measured, ...own }))];
  }));
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
      "data/processed/val.parquet, and writes metrics/, and\nmodels/*.card.json.",
    options: {},
  }, () => evaluate());
}

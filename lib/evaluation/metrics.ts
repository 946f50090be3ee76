import type { Params } from "../params_schema.ts";

/** How far predictions are from actual sales. Sales and predictions in USD a week. */
export interface Metrics {
  /** Root of the mean squared error, in USD. */
  rmse: number;
  /** Mean absolute error, in USD. */
  mae: number;
  /** Mean absolute error with holiday weeks weighing {@linkcode HOLIDAY_WEIGHT}, in USD. */
  wmae: number;
  /** Share of the variance that is explained: 1 is perfect, 0 as good as the mean, below 0 worse. */
  r2: number;
  /** Mean of prediction - actual, in USD: above 0 the forecast is too high. */
  bias: number;
  /** Number of rows. */
  n: number;
}

/** How `split.strategy` of params.yaml set the validation rows apart. */
export type SplitStrategy = Params["split"]["strategy"];

/** {@linkcode Metrics} that say on which kind of split they were measured. */
export interface LabelledMetrics extends Metrics {
  split: SplitStrategy;
}

/** {@linkcode LabelledMetrics} of forecasts, beside the baseline's of the same rows. */
export interface ForecastMetrics extends LabelledMetrics {
  /** See {@linkcode skillOf}. */
  skill: number;
}

/**
 * metrics/metrics_all.json: by model, the baseline last and without `train`. `train`: the rows its
 * trees learned from; `folds`: all folds of rolling-origin validation; `val`: the rows held back.
 * The first two are missing where the history is too short for them.
 */
export type MetricsAll = Record<
  string,
  { train?: LabelledMetrics; folds?: ForecastMetrics; val: ForecastMetrics }
>;

/** Weight of a holiday week in {@linkcode wmae}; any other week weighs 1. Kaggle's Walmart rule. */
export const HOLIDAY_WEIGHT = 5;

/**
 * Root mean squared error.
 *
 * @throws {RangeError} where there are no rows or the lengths differ, as all metrics here do.
 */
export function rmse(actual: Float64Array, predicted: Float64Array): number {
  assertRows(actual, predicted);
  let sum = 0;
  for (let row = 0; row < actual.length; row++) sum += (predicted[row]! - actual[row]!) ** 2;
  return Math.sqrt(sum / actual.length);
}

/** Mean absolute error. */
export function mae(actual: Float64Array, predicted: Float64Array): number {
  assertRows(actual, predicted);
  let sum = 0;
  for (let row = 0; row < actual.length; row++) sum += Math.abs(predicted[row]! - actual[row]!);
  return sum / actual.length;
}

/**
 * Weighted mean absolute error, sum(w |e|) / sum(w), with weight {@linkcode HOLIDAY_WEIGHT} in
 * holiday weeks and 1 in others.
 *
 * @param isHoliday 1 for a row of a holiday week, else 0.
 *
 * @see {@link https://www.kaggle.com/competitions/walmart-recruiting-store-sales-forecasting/overview/evaluation}
 */
export function wmae(
  actual: Float64Array,
  predicted: Float64Array,
  isHoliday: ArrayLike<number>,
): number {
  assertRows(actual, predicted, isHoliday);
  let sum = 0;
  let weights = 0;
  for (let row = 0; row < actual.length; row++) {
    const weight = isHoliday[row] === 1 ? HOLIDAY_WEIGHT : 1;
    sum += weight * Math.abs(predicted[row]! - actual[row]!);
    weights += weight;
  }
  return sum / weights;
}

/**
 * Coefficient of determination, 1 - sum(e^2) / sum((actual - mean)^2). Where all actuals are equal
 * it is not defined; then, as in scikit-learn, it is 1 for perfect predictions and 0 for others.
 */
export function r2(actual: Float64Array, predicted: Float64Array): number {
  assertRows(actual, predicted);
  let sum = 0;
  for (let row = 0; row < actual.length; row++) sum += actual[row]!;
  const mean = sum / actual.length;
  let residual = 0;
  let total = 0;
  // A mean can miss equal values by a rounding, which would leave a tiny total to divide by.
  let constant = true;
  for (let row = 0; row < actual.length; row++) {
    residual += (predicted[row]! - actual[row]!) ** 2;
    total += (actual[row]! - mean) ** 2;
    if (actual[row] !== actual[0]) constant = false;
  }
  if (constant || total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}

/** Mean of prediction - actual. */
export function bias(actual: Float64Array, predicted: Float64Array): number {
  assertRows(actual, predicted);
  let sum = 0;
  for (let row = 0; row < actual.length; row++) sum += predicted[row]! - actual[row]!;
  return sum / actual.length;
}

/**
 * All metrics at once.
 *
 * @param actual Sales, in USD.
 * @param predicted Predictions in the same order, in USD.
 * @param isHoliday 1 for a row of a holiday week, else 0.
 * @throws {RangeError} where there are no rows, the lengths differ, or a result is not finite.
 *
 * @example
 * ```ts
 * import { regressionMetrics } from "./metrics.ts";
 * const actual = Float64Array.of(100, 200);
 * const predicted = Float64Array.of(110, 180);
 * console.log(regressionMetrics(actual, predicted, [0, 1]).mae); // 15
 * ```
 */
export function regressionMetrics(
  actual: Float64Array,
  predicted: Float64Array,
  isHoliday: ArrayLike<number>,
): Metrics {
  const metrics: Metrics = {
    rmse: rmse(actual, predicted),
    mae: mae(actual, predicted),
    wmae: wmae(actual, predicted, isHoliday),
    r2: r2(actual, predicted),
    bias: bias(actual, predicted),
    n: actual.length,
  };
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) {
      throw new RangeError(`Expected finite actuals and predictions, but ${name} is ${value}`);
    }
  }
  return metrics;
}

/**
 * 1 - WMAE / the baseline's WMAE, through {@linkcode roundMetric}: above 0 better than the baseline,
 * 1 perfect, and 0 where the baseline makes no error.
 *
 * @example
 * ```ts
 * import { skillOf } from "./metrics.ts";
 * console.log(skillOf({ wmae: 15 }, { wmae: 20 })); // 0.25
 * ```
 */
export function skillOf(
  { wmae }: Pick<Metrics, "wmae">,
  baseline: Pick<Metrics, "wmae">,
): number {
  return roundMetric(baseline.wmae > 0 ? 1 - wmae / baseline.wmae : 0);
}

/** Metrics as the files hold them, each through {@linkcode roundMetric}. */
export function roundMetrics(metrics: Metrics): Metrics {
  return {
    rmse: roundMetric(metrics.rmse),
    mae: roundMetric(metrics.mae),
    wmae: roundMetric(metrics.wmae),
    r2: roundMetric(metrics.r2),
    bias: roundMetric(metrics.bias),
    n: metrics.n,
  };
}

/**
 * A number to six significant digits and at most six decimals, so that the last bits of a sum, which
 * mean nothing, make no difference between two files.
 */
export function roundMetric(value: number): number {
  // Adding 0 makes 0 of -0.
  return Number(Number(value.toPrecision(6)).toFixed(6)) + 0;
}

function assertRows(
  actual: Float64Array,
  predicted: Float64Array,
  isHoliday: ArrayLike<number> = actual,
): void {
  if (actual.length === 0) throw new RangeError("Expected at least one row, but found none");
  if (predicted.length !== actual.length || isHoliday.length !== actual.length) {
    throw new RangeError(
      `Expected ${actual.length} predictions and holiday flags, ` +
        `but found ${predicted.length} and ${isHoliday.length}`,
    );
  }
}

import { type CandidateName, CANDIDATES, type Shares } from "../candidates.ts";
import { SEASON } from "../history/seasons.ts";
import { BASELINE } from "./baseline.ts";
import type { PastResiduals } from "../intervals/conformal.ts";
import { type Metrics, regressionMetrics, wmae } from "./metrics.ts";
import type { Params } from "../params_schema.ts";

/** Names of what forecasts the folds' rows, in order; the baseline is last. */
export const FOLD_MODELS = [...CANDIDATES, BASELINE] as const;

/** One of {@linkcode FOLD_MODELS}. */
export type FoldModel = typeof FOLD_MODELS[number];

/**
 * Rolling-origin validation: forecasts of training rows by models that knew them up to an earlier
 * origin, one row for each origin, store, department and week. metrics/folds.parquet holds it.
 *
 * @see Tashman, Out-of-sample tests of forecasting accuracy, 2000.
 */
export interface Folds {
  length: number;
  /** The last week that was known, and the week forecast, in days since 1970-01-01. */
  origin: Int32Array;
  day: Int32Array;
  store: Float64Array;
  department: Float64Array;
  /** 1 for a row of a holiday week, else 0. */
  isHoliday: Float64Array;
  /** Code of the store's type. */
  type: Float64Array;
  /** How large the row's error is to be expected, in USD; see `lib/history/derive.ts`. */
  scale: Float64Array;
  /** Actual sales, in USD. */
  sales: Float64Array;
  /** By model, in USD. */
  predictions: Record<FoldModel, Float64Array>;
}

/**
 * Origins of the folds, the earliest first: `count` of them at most, `step_weeks` apart, the last one
 * that far before the end; each with a year of history.
 *
 * @param days Week of each training row.
 * @returns Days since 1970-01-01; none where the history is shorter.
 *
 * @example
 * ```ts
 * import { foldOrigins } from "./folds.ts";
 * const days = Int32Array.from({ length: 100 }, (_, week) => 7 * week);
 * console.log(foldOrigins(days, { count: 2, step_weeks: 8, horizon_weeks: 39 })); // [ 581, 637 ]
 * ```
 */
export function foldOrigins(days: Int32Array, { count, step_weeks }: Params["folds"]): number[] {
  const [first, last] = days.reduce(
    ([least, most], day) => [Math.min(least, day), Math.max(most, day)],
    [Infinity, -Infinity],
  );
  return Array.from({ length: count }, (_, i) => last! - 7 * step_weeks * (count - i))
    .filter((origin) => origin >= first! + 7 * (SEASON - 1));
}

/** Metrics of each model over all rows, or over those of one origin. */
export function foldMetrics(folds: Folds, origin?: number): Record<FoldModel, Metrics> {
  const isWished = (_: unknown, row: number) =>
    origin === undefined || folds.origin[row] === origin;
  const actual = folds.sales.filter(isWished), isHoliday = folds.isHoliday.filter(isWished);
  return Object.fromEntries(
    FOLD_MODELS.map((name) => [
      name,
      regressionMetrics(actual, folds.predictions[name].filter(isWished), isHoliday),
    ]),
  ) as Record<FoldModel, Metrics>;
}

/** By how much a model's forecasts were off. */
export function foldResiduals(folds: Folds, name: FoldModel): PastResiduals {
  const predicted = folds.predictions[name];
  return {
    residuals: folds.sales.map((actual, row) => actual - predicted[row]!),
    horizons: foldHorizons(folds),
    scales: folds.scale,
    origins: folds.origin,
  };
}

/** Weeks from the origin, of each row. */
export function foldHorizons({ day, origin }: Folds): Int32Array {
  return Int32Array.from(day, (day, row) => (day - origin[row]!) / 7);
}

/** What a blend is chosen by: one a row. */
export interface BlendRows {
  /** In USD. */
  sales: Float64Array;
  /** 1 for a row of a holiday week, else 0. */
  isHoliday: Float64Array;
  /** What is blended, in USD. */
  predictions: Record<Exclude<CandidateName, "blend">, Float64Array>;
}

/** The shares that are tried are multiples of this part. */
const PARTS = 8;

/**
 * The mixture of the seasonal forecast, the forest's and boosting's that has the least WMAE over all
 * folds: of multiples of one eighth, the first of equals.
 *
 * @returns What the forest's and boosting's corrections count; the rest is the seasonal forecast's.
 */
export function chooseShares(
  { sales, isHoliday, predictions: { seasonal, rf, gbr } }: BlendRows,
): Shares {
  let best: Shares = { rf: 0, gbr: 0 }, least = Infinity;
  for (let ofForest = 0; ofForest <= PARTS; ofForest++) {
    for (let ofBoosting = 0; ofForest + ofBoosting <= PARTS; ofBoosting++) {
      const shares = { rf: ofForest / PARTS, gbr: ofBoosting / PARTS };
      const error = wmae(sales, mix(seasonal, rf, gbr, shares), isHoliday);
      if (error < least) [best, least] = [shares, error];
    }
  }
  return best;
}

/** Forecasts of a blend. */
export function mix(
  seasonal: Float64Array,
  rf: Float64Array,
  gbr: Float64Array,
  shares: Shares,
): Float64Array {
  return seasonal.map((value, row) =>
    value + shares.rf * (rf[row]! - value) + shares.gbr * (gbr[row]! - value)
  );
}

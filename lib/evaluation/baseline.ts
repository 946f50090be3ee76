import type { SalesTable } from "../dataset/sales_table.ts";
import type { FeatureName } from "../features/table.ts";
import { SEASON_DAYS } from "../history/seasons.ts";

/** Name under which the baseline stands beside the models. */
export const BASELINE = "seasonal_naive";

/**
 * Where a prediction of {@linkcode seasonalNaive} came from, the preferred first. The seasonal lag is
 * a number of whole seasons, one where that reaches training; plus and minus 1 is in weeks.
 */
export const NAIVE_SOURCES = [
  "seasonal_lag",
  "seasonal_lag_plus_1",
  "seasonal_lag_minus_1",
  "series_mean",
  "department_mean",
  "overall_mean",
] as const;

/** One of {@linkcode NAIVE_SOURCES}. */
export type NaiveSource = typeof NAIVE_SOURCES[number];

/** What {@linkcode seasonalNaive} needs of training rows; a {@linkcode SalesTable} has it. */
export interface BaselineHistory extends BaselineRows {
  sales: Float64Array;
}

/** What {@linkcode seasonalNaive} needs of the rows to predict: no sales. */
export interface BaselineRows {
  length: number;
  day: Int32Array;
  features: Pick<SalesTable["features"], Extract<FeatureName, "Store" | "Dept">>;
}

/** Predictions of the baseline. */
export interface SeasonalNaive {
  /** In USD, in the order of the rows. */
  predictions: Float64Array;
  /** How many rows each source served; sums to the number of rows. */
  sources: Record<NaiveSource, number>;
}

/**
 * Seasonal naive forecast, the baseline that a model has to beat: the training sales of the same
 * store and department 52 weeks earlier. Where that week is missing: 53 weeks earlier, 51 weeks
 * earlier, the mean of the series (store and department), of the department, of all training rows.
 * Rows more than 52 weeks after the last training week look back the least number of whole seasons
 * that reaches training.
 *
 * Knows nothing but the training rows. On a random split these lie around the rows to predict and
 * are used the same way.
 *
 * @throws {RangeError} where there are no training rows.
 *
 * @see Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.2.
 *
 * @example
 * ```ts
 * import { seasonalNaive } from "./baseline.ts";
 * const keys = { Store: Float64Array.of(1), Dept: Float64Array.of(7) };
 * const train = { length: 1, day: Int32Array.of(14645), sales: Float64Array.of(250), features: keys };
 * const { predictions } = seasonalNaive(train, {
 *   length: 1,
 *   day: Int32Array.of(14645 + 364),
 *   features: keys,
 * });
 * console.log(predictions[0]); // 250
 * ```
 */
export function seasonalNaive(train: BaselineHistory, rows: BaselineRows): SeasonalNaive {
  if (train.length === 0) {
    throw new RangeError("Expected at least one training row, but found none");
  }

  const salesByKey = new Map<number, number>();
  const series = new Map<number, Mean>();
  const departments = new Map<number, Mean>();
  const overall = new Mean();
  let lastDay = -Infinity;
  for (let row = 0; row < train.length; row++) {
    const department = train.features.Dept[row]!;
    const key = seriesKey(train.features.Store[row]!, department);
    const sales = train.sales[row]!;
    salesByKey.set(rowKey(key, train.day[row]!), sales);
    meanOf(series, key).add(sales);
    meanOf(departments, department).add(sales);
    overall.add(sales);
    lastDay = Math.max(lastDay, train.day[row]!);
  }

  const predictions = new Float64Array(rows.length);
  const sources = Object.fromEntries(NAIVE_SOURCES.map((source) => [source, 0])) as Record<
    NaiveSource,
    number
  >;
  for (let row = 0; row < rows.length; row++) {
    const department = rows.features.Dept[row]!;
    const key = seriesKey(rows.features.Store[row]!, department);
    const seasons = Math.max(1, Math.ceil((rows.day[row]! - lastDay) / SEASON_DAYS));
    const sameWeek = rows.day[row]! - seasons * SEASON_DAYS;
    let source: NaiveSource = "seasonal_lag";
    let value = salesByKey.get(rowKey(key, sameWeek));
    if (value === undefined) {
      source = "seasonal_lag_plus_1";
      value = salesByKey.get(rowKey(key, sameWeek - 7));
    }
    if (value === undefined) {
      source = "seasonal_lag_minus_1";
      value = salesByKey.get(rowKey(key, sameWeek + 7));
    }
    if (value === undefined) {
      source = "series_mean";
      value = series.get(key)?.value();
    }
    if (value === undefined) {
      source = "department_mean";
      value = departments.get(department)?.value();
    }
    if (value === undefined) {
      source = "overall_mean";
      value = overall.value();
    }
    predictions[row] = value;
    sources[source]++;
  }
  return { predictions, sources };
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  value(): number {
    return this.#sum / this.#count;
  }
}

function meanOf(means: Map<number, Mean>, key: number): Mean {
  let mean = means.get(key);
  if (mean === undefined) means.set(key, mean = new Mean());
  return mean;
}

// Numbers as keys are several times faster than strings. Store and Dept are at most 9999 and a day
// is within +-100,000 (the years 1900 to 2200), so that keys are unique and below 2^53.
function seriesKey(store: number, department: number): number {
  return store * 10_000 + department;
}

function rowKey(series: number, day: number): number {
  return series * 200_000 + day + 100_000;
}

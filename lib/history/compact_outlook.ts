import { type CompactOutlook, completeOutlook, KNOWN_WEEKS, type Outlook } from "./outlook.ts";
import type { SalesHistory } from "./sales_history.ts";
import { seasonalLevels } from "./seasonal_levels.ts";
import { SEASON } from "./seasons.ts";

/** Weeks that smoothing looks at: what is older than three years says little. */
const SMOOTHED_WEEKS = 3 * SEASON;

/**
 * What of a history goes into a model file: the last weeks, in whole USD, of the series that have sold
 * in the last year.
 *
 * @param rank As in {@linkcode seasonalLevels}.
 */
export function compactOutlook(history: SalesHistory, rank: number): CompactOutlook {
  const smoothed = lastWeeks(history, SMOOTHED_WEEKS);
  const { sales, stores, departments, ...last } = lastWeeks(history, KNOWN_WEEKS);
  const seasonal = seasonalLevels(smoothed, rank);
  const isAlive = (series: number) =>
    sales.subarray(
      (series + 1) * last.weeks - Math.min(SEASON, last.weeks),
      (series + 1) * last.weeks,
    )
      .some((value) => !Number.isNaN(value));
  const alive = Uint16Array.from(stores.keys()).filter(isAlive);
  const take = (values: Float64Array) => {
    const width = values.length / stores.length;
    const taken = new Float64Array(alive.length * width);
    for (const [i, series] of alive.entries()) {
      taken.set(values.subarray(series * width, (series + 1) * width), i * width);
    }
    return taken;
  };
  return {
    history: {
      ...last,
      stores: alive.map((series) => stores[series]!),
      departments: alive.map((series) => departments[series]!),
      // Adding 0 makes 0 of -0.
      sales: take(sales).map((value) => Math.round(value) + 0),
    },
    seasonal: take(seasonal),
  };
}

/**
 * All that may be known at the end of a history, with the numbers that a model file carries: training
 * sees what serving sees.
 *
 * @param rank As in {@linkcode compactOutlook}.
 */
export function outlookOf(history: SalesHistory, rank: number): Outlook {
  return completeOutlook(compactOutlook(history, rank));
}

function lastWeeks(history: SalesHistory, most: number): SalesHistory {
  const { weeks, stores, sales, firstDay } = history;
  if (weeks <= most) return history;
  const kept = new Float64Array(stores.length * most);
  for (let series = 0; series < stores.length; series++) {
    kept.set(sales.subarray((series + 1) * weeks - most, (series + 1) * weeks), series * most);
  }
  return { ...history, firstDay: firstDay + 7 * (weeks - most), weeks: most, sales: kept };
}

import { sourceWeeks } from "./alignment.ts";
import type { SalesHistory } from "./sales_history.ts";
import { growthOf, SEASON } from "./seasons.ts";
import { smooth } from "./smooth.ts";

/** The last weeks that another week can correspond to: a season, and Easter's way back. */
export const SEASONAL_WEEKS = 57;

/**
 * What the week itself, beside its smoothed value, and what the year before counts. Chosen on four
 * origins of the Walmart data between July 2011 and April 2012; docs/forecasting.md has the figures.
 */
const OWN_SHARE = 0.3, YEAR_BEFORE_SHARE = 0.3;

/** As far as 32 bits go, in which a file holds levels. */
const MOST = 2 ** 31 - 1;

/**
 * The usual sales of the last weeks, from which next year's are forecast: sales smoothed across the
 * department's stores, with a share of the sales themselves, and of the year before raised to the
 * level of the last.
 *
 * @param rank See {@linkcode smooth}.
 * @returns In whole USD: week `i` of the last {@linkcode SEASONAL_WEEKS} (or of all, where they are
 *   fewer) of series `s` at `s * weeks + i`. NaN in series never sold.
 */
export function seasonalLevels(history: SalesHistory, rank: number): Float64Array {
  const { weeks, stores, sales, firstDay } = history;
  const smoothed = smooth(history, rank);
  const kept = Math.min(weeks, SEASONAL_WEEKS);
  const before = Array.from({ length: kept }, (_, i) => weekBefore(history, weeks - kept + i));
  const levels = new Float64Array(stores.length * kept);
  for (let series = 0; series < stores.length; series++) {
    const start = series * weeks;
    const growth = yearlyGrowth(smoothed.subarray(start, start + weeks));
    for (let i = 0; i < kept; i++) {
      const at = start + weeks - kept + i;
      let level = mix(smoothed[at]!, sales[at]!, OWN_SHARE);
      const sources = before[i];
      if (sources) {
        let value = 0;
        for (const { day, share } of sources) {
          value += share * smoothed[start + (day - firstDay) / 7]!;
        }
        level = mix(level, value * growth, YEAR_BEFORE_SHARE);
      }
      // Adding 0 makes 0 of -0.
      levels[series * kept + i] = Math.max(-MOST, Math.min(MOST, Math.round(level))) + 0;
    }
  }
  return levels;
}

/** The weeks of the year before that a week corresponds to; `undefined` where one is not known. */
function weekBefore({ firstDay }: SalesHistory, week: number) {
  const day = firstDay + 7 * week;
  const sources = sourceWeeks(day, day - 7);
  return sources.every(({ day }) => day >= firstDay) ? sources : undefined;
}

function mix(value: number, other: number, share: number): number {
  return Number.isNaN(other) ? value : value + share * (other - value);
}

/** How the last year's sales compare with those of the year before, in the weeks known of both. */
function yearlyGrowth(sales: Float64Array): number {
  let last = 0, before = 0;
  for (let week = Math.max(SEASON, sales.length - SEASON); week < sales.length; week++) {
    last += sales[week]!;
    before += sales[week - SEASON]!;
  }
  return growthOf(last, before);
}

/** Weeks of a season, which keeps the weekday, and their days. */
export const SEASON = 52;
export const SEASON_DAYS = 7 * SEASON;

/** A growth from one year to the next beyond this, either way, is taken for a fault. */
const MOST_GROWTH = 2;

/**
 * Growth from one sum of sales to a later one, from 0.5 to 2; 1 where the sums say nothing.
 *
 * @example
 * ```ts
 * import { growthOf } from "./seasons.ts";
 * console.log(growthOf(110, 100), growthOf(900, 100), growthOf(-5, 100)); // 1.1 2 1
 * ```
 */
export function growthOf(last: number, before: number): number {
  if (!(last > 0 && before > 0)) return 1;
  return Math.min(MOST_GROWTH, Math.max(1 / MOST_GROWTH, last / before));
}

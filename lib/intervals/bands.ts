/** Last weeks of the bands of horizons but the last: a month, a quarter, half a year. */
export const HORIZON_BANDS = [4, 13, 26];

/**
 * Index of the band that a value falls into.
 *
 * @param ends Last value of each band but the last, ascending.
 *
 * @example
 * ```ts
 * import { bandOf, HORIZON_BANDS } from "./bands.ts";
 * console.log(bandOf(HORIZON_BANDS, 13), bandOf(HORIZON_BANDS, 39)); // 1 3
 * ```
 */
export function bandOf(ends: number[], value: number): number {
  const band = ends.findIndex((end) => value <= end);
  return band < 0 ? ends.length : band;
}

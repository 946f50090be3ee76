import type { Spread } from "./spread.ts";

/**
 * How targets become whole numbers, so that their sums are exact and the same in any order. A target
 * `t` of a row becomes `q = round(t * scale) + offset`, at least 0, and stands in a histogram as
 * `q * unit + 1`: one addition counts the row and sums its target, in one float64.
 */
export interface Quantization {
  scale: number;
  offset: number;
  /** A power of two above the number of rows, or 1 where counts stand apart. */
  unit: number;
  /** Whether `q` stands alone, and a second number counts the row; see {@linkcode isTooCoarse}. */
  countsApart: boolean;
}

/** More levels than this would only push later products out of float64's exact range. */
const MAX_LEVELS = 2 ** 40;

function unitOf(rows: number): number {
  return 2 ** Math.ceil(Math.log2(rows + 1));
}

/** How many steps there are between the smallest and the largest target. */
function levelsOf(rows: number, unit: number): number {
  return Math.min(MAX_LEVELS, Math.floor(2 ** 53 / unit / rows) - 2);
}

/** Steps that the usual spread of targets has to have: their rounding adds 0.13 % to its square. */
const FEWEST_STEPS = 8;

/**
 * Whether most targets would fall into a few steps if a row's count shared a number with its target:
 * where one target is a million times as far out as the others, or rows are many millions.
 *
 * @param rows Most rows that are summed, repeats counted.
 */
export function isTooCoarse({ typical, low, high }: Spread, rows: number): boolean {
  const levels = levelsOf(rows, unitOf(rows));
  return levels < FEWEST_STEPS || (high - low) / levels > typical / FEWEST_STEPS;
}

/**
 * Chooses the finest steps for which no sum over `rows` rows exceeds the 53 bits of a float64: about
 * 51,000 of them between `low` and `high` for 335,000 rows, 2^40 for small tables; 2.7e10 and more
 * where counts stand apart.
 *
 * @param low Smallest target, at most 0 or near it for best precision.
 * @param rows Most rows that are summed, repeats counted.
 */
export function chooseQuantization(
  { low, high }: Pick<Spread, "low" | "high">,
  rows: number,
  countsApart = false,
): Quantization {
  const unit = countsApart ? 1 : unitOf(rows);
  const range = high - low;
  // Of a range near the smallest numbers there is no scale; its targets count as equal.
  const scale = range > 2 ** -900 ? levelsOf(rows, unit) / range : 0;
  return { scale, offset: Math.ceil(-low * scale), unit, countsApart };
}

/** Puts the histogram entry of each target from `start` to `end` into `packed`. */
export function pack(
  { scale, offset, unit, countsApart }: Quantization,
  targets: Float64Array,
  packed: Float64Array,
  start = 0,
  end = targets.length,
): void {
  // Adding a half and flooring rounds; with the offset all numbers are at least 0.
  const shift = offset + 0.5;
  const count = countsApart ? 0 : 1;
  for (let row = start; row < end; row++) {
    packed[row] = Math.floor(targets[row]! * scale + shift) * unit + count;
  }
}

/**
 * Weights as whole numbers of at least 1, whose sums over `rows` rows are exact.
 *
 * @returns The numbers, and how many of them make a weight of 1.
 */
export function quantizeWeights(
  weights: Float64Array,
  rows: number,
): { weights: Float64Array; scale: number } {
  const highest = weights.reduce((a, b) => Math.max(a, b), 0);
  // A power of two, so that equal ratios stay equal.
  const scale = 2 ** Math.floor(Math.log2(Math.min(2 ** 40, 2 ** 52 / rows) / highest));
  return { weights: weights.map((weight) => Math.max(1, Math.round(weight * scale))), scale };
}

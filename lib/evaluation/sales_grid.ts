/** How many rows have which actual and predicted sales. */
export interface SalesGrid {
  /** Ends of the cells on either axis in USD, ascending: one more than cells along a side. */
  edges: number[];
  /** Rows by cell of actual sales, then by cell of predicted sales. */
  counts: number[][];
}

/** Cells along each side: some hundred to a thousand of them hold rows. */
const CELLS = 48;

/** Below about this amount the scale of a {@linkcode SalesGrid} is straight, above it logarithmic. In USD. */
export const SYMLOG_CONSTANT = 1000;

/**
 * Counts rows in a grid with equal steps on a scale that is logarithmic on either side of zero, since
 * sales span five orders of magnitude and returns are negative.
 *
 * @param actual Sales in USD, of one row at least.
 * @param predicted Predictions in the same order, in USD.
 *
 * @example
 * ```ts
 * import { salesGrid } from "./sales_grid.ts";
 * const { edges, counts } = salesGrid(Float64Array.of(0, 5000), Float64Array.of(5000, 5000));
 * console.log(edges.length, counts[0]![47], counts[47]![47]); // 49 1 1
 * ```
 */
export function salesGrid(actual: Float64Array, predicted: Float64Array): SalesGrid {
  let low = Infinity;
  let high = -Infinity;
  for (const values of [actual, predicted]) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  low = symlog(low);
  // Without any spread a grid still needs a width.
  high = Math.max(symlog(high), low + 0.1);
  const step = (high - low) / CELLS;
  const cellOf = (value: number) =>
    Math.max(0, Math.min(CELLS - 1, Math.floor((symlog(value) - low) / step)));

  const counts = Array.from({ length: CELLS }, () => new Array<number>(CELLS).fill(0));
  for (let row = 0; row < actual.length; row++) {
    counts[cellOf(actual[row]!)]![cellOf(predicted[row]!)]!++;
  }
  const edges = Array.from({ length: CELLS + 1 }, (_, index) => inverseSymlog(low + index * step));
  return { edges, counts };
}

function symlog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value) / SYMLOG_CONSTANT);
}

function inverseSymlog(value: number): number {
  return Math.sign(value) * Math.expm1(Math.abs(value)) * SYMLOG_CONSTANT;
}

import { quantile } from "./quantile.ts";

/** How many values lie where. */
export interface Histogram {
  /** Ends of the bins, ascending: one more than bins. */
  edges: number[];
  /** Values of each bin. */
  counts: number[];
  /** Values below the first edge, and above the last. */
  below: number;
  above: number;
}

const BINS = 60;

/** Share of the values that the bins hold; few huge ones would squeeze the rest into one bin. */
const SHOWN = 0.98;

/**
 * How residuals are spread, in bins of equal width around zero. The 2 % with the largest amounts lie
 * outside.
 *
 * @param residuals In USD, one at least.
 *
 * @example
 * ```ts
 * import { countResiduals } from "./count_residuals.ts";
 * const { edges, counts, below, above } = countResiduals(Float64Array.of(-3, 1, 2));
 * console.log(edges[0], edges[60], counts.length, below, above); // -3 3 60 0 0
 * ```
 */
export function countResiduals(residuals: Float64Array): Histogram {
  const limit = roundUp(quantile(residuals.map(Math.abs).sort(), SHOWN));
  const width = 2 * limit / BINS;
  const counts = new Array<number>(BINS).fill(0);
  let below = 0, above = 0;
  for (const residual of residuals) {
    if (residual < -limit) below++;
    else if (residual > limit) above++;
    else counts[Math.min(BINS - 1, Math.floor((residual + limit) / width))]!++;
  }
  const edges = Array.from({ length: BINS + 1 }, (_, bin) => -limit + bin * width);
  return { edges, counts, below, above };
}

/** To two significant digits, upwards; 1 below a cent, which no picture of sales has to tell apart. */
function roundUp(value: number): number {
  if (value < 0.01) return 1;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}

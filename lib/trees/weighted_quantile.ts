import { createRandom } from "./random.ts";

/** Numbers with their weights. */
export interface WeightedValues {
  values: Float64Array;
  /** Above 0, one a value; 1 each where there are none. */
  weights: Float64Array | undefined;
}

/**
 * Share of all weight by which two sums may differ and still count as equal: what the weights
 * themselves are rounded by. A sum of `n` of them is rounded by at most `n` times `Number.EPSILON`.
 */
const SLACK = 1e-12;

/**
 * The value below which a share `level` of the weight lies; where a value ends exactly there, the
 * middle between it and the next (Hyndman and Fan's type 2), which for 0.5 is the usual median.
 *
 * Selects (Hoare 1961) and does not sort: the values are parted by one of them, and the search goes
 * on in the part where the level is reached. Time grows with the number of values, whatever their
 * order. Sums of weights count as equal where rounding could be all that parts them, so that the
 * order of the values does not matter for fractions either.
 *
 * @param level Above 0 and below 1.
 */
export function weightedQuantile({ values, weights }: WeightedValues, level: number): number {
  const rest = values.slice(), restWeights = weights?.slice();
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : values.length;
  const target = level * total;
  const slack = total * (weights ? Math.max(SLACK, values.length * Number.EPSILON) : SLACK);
  const random = createRandom(0);
  const draw = (from: number, to: number) => rest[from + random.integer(to - from)]!;
  let start = 0, end = rest.length;
  /** Weight of the values below the rest, and the least of those above it. */
  let below = 0, above = NaN;
  for (;;) {
    // Drawn, since sorted rows and waves lead any fixed places to one extreme after another.
    const pivot = middleOf(draw(start, end), draw(start, end), draw(start, end));
    const { lower, upper, lowerWeight, equalWeight } = part(rest, restWeights, start, end, pivot);
    if (below + lowerWeight >= target - slack && lower > start) {
      [end, above] = [lower, pivot];
      continue;
    }
    const upTo = below + lowerWeight + equalWeight;
    // Rounding of sums may leave the last value a little short of the target.
    if (upTo < target - slack && upper < end) {
      [start, below] = [upper, upTo];
      continue;
    }
    if (Math.abs(upTo - target) > slack) return pivot;
    let next = above;
    for (let i = upper; i < end; i++) if (!(rest[i]! >= next)) next = rest[i]!;
    return Number.isNaN(next) ? pivot : (pivot + next) / 2;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Moves values below the pivot to the front and those above it to the end (Dijkstra 1976). */
function part(
  values: Float64Array,
  weights: Float64Array | undefined,
  start: number,
  end: number,
  pivot: number,
): { lower: number; upper: number; lowerWeight: number; equalWeight: number } {
  let lower = start, upper = end, lowerWeight = 0, equalWeight = 0;
  for (let i = start; i < upper;) {
    const value = values[i]!;
    const weight = weights ? weights[i]! : 1;
    if (value < pivot) {
      lowerWeight += weight;
      values[i] = values[lower]!;
      values[lower] = value;
      if (weights) {
        weights[i] = weights[lower]!;
        weights[lower] = weight;
      }
      lower++;
      i++;
    } else if (value > pivot) {
      upper--;
      values[i] = values[upper]!;
      values[upper] = value;
      if (weights) {
        weights[i] = weights[upper]!;
        weights[upper] = weight;
      }
    } else {
      equalWeight += weight;
      i++;
    }
  }
  return { lower, upper, lowerWeight, equalWeight };
}

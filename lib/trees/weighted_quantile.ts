/** Numbers with their weights. */
export interface WeightedValues {
  values: Float64Array;
  /** Above 0, one a value; 1 each where there are none. */
  weights: Float64Array | undefined;
}

/**
 * The value below which a share `level` of the weight lies; where a value ends exactly there, the
 * middle between it and the next (Hyndman and Fan's type 2), which for 0.5 is the usual median.
 *
 * Selects (Hoare 1961) and does not sort: the values are parted by one of them, and the search goes
 * on in the part where the level is reached. Time grows with the number of values.
 *
 * @param level Above 0 and below 1.
 */
export function weightedQuantile({ values, weights }: WeightedValues, level: number): number {
  const rest = values.slice(), restWeights = weights?.slice();
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : values.length;
  const target = level * total;
  let start = 0, end = rest.length;
  /** Weight of the values below the rest, and the least of those above it. */
  let below = 0, above = NaN;
  for (;;) {
    const pivot = middleOf(rest[start]!, rest[(start + end) >>> 1]!, rest[end - 1]!);
    const { lower, upper, lowerWeight, equalWeight } = part(rest, restWeights, start, end, pivot);
    if (below + lowerWeight >= target && lower > start) {
      [end, above] = [lower, pivot];
      continue;
    }
    const upTo = below + lowerWeight + equalWeight;
    // Rounding of sums may leave the last value a little short of the target.
    if (upTo < target && upper < end) {
      [start, below] = [upper, upTo];
      continue;
    }
    if (upTo !== target) return pivot;
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

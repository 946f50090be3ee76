/** Weighted mean. */
export function meanOf(values: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0, total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * values[i]!;
    total += weight;
  }
  return sum / total;
}

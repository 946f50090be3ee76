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

/** What a constant leaves of values, in memory that workers share. */
export function deviationsFrom(base: number, values: Float64Array): Float64Array {
  const deviations = new Float64Array(new SharedArrayBuffer(values.length * 8));
  for (let i = 0; i < values.length; i++) deviations[i] = values[i]! - base;
  return deviations;
}

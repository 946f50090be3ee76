/** What several runs gave: the middle one, and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/**
 * Middle of some numbers; the mean of the two middle ones where their number is even.
 *
 * @throws {RangeError} where there are none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("Expected at least one number, but found none");
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median, least and greatest of some numbers; throws as {@linkcode median}. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How two things that were measured in turns compare: the spread of the quotients of neighbours, so
 * that what slows the machine down for a while slows both.
 *
 * @param ours One number a run, for example seconds.
 * @param theirs As many, each measured right after the one of `ours` in its place.
 * @throws {RangeError} where the numbers differ in length or there are none.
 */
export function ratio(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) {
    throw new RangeError(`Expected ${ours.length} runs, but found ${theirs.length}`);
  }
  return spread(ours.map((value, run) => value / theirs[run]!));
}

/**
 * The exponent `b` of `y = a x^b`: the slope of the straight line through the points' logarithms by
 * least squares. 1: twice the `x` takes twice the `y`; 2: four times.
 *
 * @param points `[x, y]`, all above 0, with at least two different `x`.
 */
export function growthExponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (index: 0 | 1) => logs.reduce((sum, log) => sum + log[index], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let covariance = 0, variance = 0;
  for (const [x, y] of logs) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  if (!(variance > 0)) throw new RangeError("Expected at least two different x");
  return covariance / variance;
}

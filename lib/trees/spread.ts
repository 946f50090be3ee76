import { samplePlace } from "./random.ts";

/** How far numbers lie from 0 and from each other. */
export interface Spread {
  /**
   * Root mean square of those 99 of 100 that are nearest to 0: how far out the last one in a hundred
   * are does not matter. Where these are all 0, that of all numbers.
   */
  typical: number;
  low: number;
  high: number;
}

/** Numbers by which it is decided what is near. */
const SAMPLE = 65_536;

/** Finds out how numbers are spread; there is at least one. */
export function spreadOf(values: Float64Array): Spread {
  const step = Math.max(1, Math.floor(values.length / SAMPLE));
  const sizes = new Float64Array(Math.ceil(values.length / step));
  for (let i = 0; i < sizes.length; i++) {
    sizes[i] = Math.abs(values[samplePlace(i, step, values.length)]!);
  }
  sizes.sort();
  const far = sizes[Math.ceil(sizes.length * 0.99) - 1]!;
  let low = Infinity, high = -Infinity, squares = 0, near = 0, nearSquares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    low = Math.min(low, value);
    high = Math.max(high, value);
    squares += value * value;
    if (Math.abs(value) > far) continue;
    near++;
    nearSquares += value * value;
  }
  return { typical: Math.sqrt(nearSquares / near || squares / values.length), low, high };
}

/**
 * e to the power of `x`, by + x / only: engines may differ in the last bit of their own exponential,
 * and a last bit is enough to change a hash. Taylor's series for x/256, squared eight times; the
 * relative error stays below 1e-9 for |x| up to 8.
 *
 * @example
 * ```ts
 * import { exponential } from "./exponential.ts";
 * console.log(exponential(1)); // 2.71828...
 * ```
 */
export function exponential(x: number): number {
  const y = x / 256;
  let power = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5))));
  for (let squaring = 0; squaring < 8; squaring++) power *= power;
  return power;
}

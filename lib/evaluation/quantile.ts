/**
 * Quantile by linear interpolation (type 7, as NumPy's default).
 *
 * @param sorted Ascending, at least one value.
 * @param share 0 to 1.
 *
 * @example
 * ```ts
 * import { quantile } from "./quantile.ts";
 * console.log(quantile(Float64Array.of(1, 2, 3, 4), 0.5)); // 2.5
 * ```
 */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) throw new RangeError("Expected at least one value, but found none");
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

const BLOCKS = "▁▂▃▄▅▆▇█";

/**
 * Numbers as a line of blocks, each as high as its number.
 *
 * @param range What the lowest and the highest block stand for.
 *
 * @example
 * ```ts
 * import { sparkline } from "./sparkline.ts";
 * console.log(sparkline([1, 3, 8])); // "▁▃█"
 * ```
 */
export function sparkline(
  values: readonly number[],
  [low, high] = [Math.min(...values), Math.max(...values)],
): string {
  return values.map((value) => {
    const share = high > low ? (value - low) / (high - low) : 0;
    return BLOCKS[Math.round(Math.min(1, Math.max(0, share)) * (BLOCKS.length - 1))]!;
  }).join("");
}

import { formatChange } from "../evaluation/format.ts";

/** How an error changed: lower is better. */
export type Direction = "better" | "same" | "worse";

/**
 * Which way an error went, from `before` to `now`.
 *
 * @param margin Share of `before` up to which a change counts as none.
 *
 * @example
 * ```ts
 * import { direction } from "./change.ts";
 * console.log(direction(99, 100, 0.005), direction(100.4, 100, 0.005)); // "better" "same"
 * ```
 */
export function direction(now: number, before: number, margin: number): Direction {
  if (Math.abs(now - before) <= margin * before) return "same";
  return now < before ? "better" : "worse";
}

/**
 * A change with an arrow that shows where the number went, not whether that is good.
 *
 * @example
 * ```ts
 * import { arrow } from "./change.ts";
 * console.log(arrow(90, 100)); // "▼ 10.0 %"
 * console.log(arrow(100, 100)); // "="
 * ```
 */
export function arrow(now: number, before: number): string {
  const text = formatChange(now, before);
  if (text === "0.0 %") return "=";
  if (text.startsWith("-")) return `▼ ${text.slice(1)}`;
  return `▲ ${text.replace("+", "")}`;
}

/** A light for those who skim: green for a lower error, red for a higher one. */
export const LIGHTS: Record<Direction, string> = { better: "🟢", same: "⚪", worse: "🔴" };

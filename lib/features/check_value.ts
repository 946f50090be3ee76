import { describeValues, isInteger } from "./describe_values.ts";
import type { Feature } from "./table.ts";

/** In which way a value is wrong. */
export type ValueCode =
  | "missing"
  | "wrong_type"
  | "not_integer"
  | "out_of_range"
  | "not_in_list";

/**
 * In which way a value is not one of a feature's, or `undefined` where it is.
 *
 * Numbers are finite JSON numbers, never texts; flags are `true`, `false`, 1 or 0; `null` and
 * `undefined` are missing.
 *
 * @example
 * ```ts
 * import { checkValue } from "./check_value.ts";
 * import { FEATURES } from "./table.ts";
 * const [store] = FEATURES;
 * console.log(checkValue(store, 1)); // undefined
 * console.log(checkValue(store, "1")); // "wrong_type"
 * console.log(checkValue(store, 0)); // "out_of_range"
 * ```
 */
export function checkValue(feature: Feature, value: unknown): ValueCode | undefined {
  if (value === null || value === undefined) {
    return feature.missing === "keep" ? undefined : "missing";
  }
  if (feature.kind === "flag") {
    if (typeof value === "boolean") return undefined;
    if (typeof value !== "number") return "wrong_type";
    return value === 0 || value === 1 ? undefined : "not_in_list";
  }
  if ("values" in feature) {
    if (typeof value !== "string") return "wrong_type";
    return feature.values.includes(value) ? undefined : "not_in_list";
  }
  if (typeof value !== "number" || Number.isNaN(value)) return "wrong_type";
  // So that infinite numbers are out of range and not fractions.
  if (value < feature.min || value > feature.max) return "out_of_range";
  return isInteger(feature) && !Number.isInteger(value) ? "not_integer" : undefined;
}

/** The most of a foreign value that a message shows. */
const MAX_SHOWN = 40;

/**
 * What is wrong with a value, as a sentence for people.
 *
 * @example
 * ```ts
 * import { explainValue } from "./check_value.ts";
 * import { FEATURES } from "./table.ts";
 * const [store] = FEATURES;
 * console.log(explainValue(store, "first"));
 * // Expected a whole number from 1 to 9999 for Store, but found "first".
 * ```
 */
export function explainValue(feature: Feature, value: unknown): string {
  const found = value === null || value === undefined ? "nothing" : show(value);
  return `Expected ${describeValues(feature)} for ${feature.name}, but found ${found}.`;
}

/** Part of a foreign value, in one short line. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  // JSON has no word for NaN and infinite numbers.
  const text = typeof value === "string" ? JSON.stringify(shorten(value)) : String(value);
  return text.replace(/\p{C}/gu, " ");
}

/** The beginning of a text from outside. */
export function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

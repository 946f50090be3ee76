import type { Feature } from "./table.ts";

/**
 * What a feature's value has to be, in words that follow "Expected".
 *
 * @example
 * ```ts
 * import { describeValues } from "./describe_values.ts";
 * import { FEATURES } from "./table.ts";
 * const [store] = FEATURES;
 * console.log(describeValues(store)); // a whole number from 1 to 9999
 * ```
 */
export function describeValues(feature: Feature): string {
  const what = whatOf(feature);
  return feature.missing === "keep" ? `${what}, or none` : what;
}

function whatOf(feature: Feature): string {
  if (feature.kind === "flag") return "true or false";
  if ("values" in feature) return `one of ${feature.values.join(", ")}`;
  const number = isInteger(feature) ? "a whole number" : "a number";
  return `${number} from ${feature.min} to ${feature.max}`;
}

/** Whether only whole numbers are values of a feature. */
export function isInteger(feature: Feature): boolean {
  return feature.kind === "number" ? feature.integer : feature.kind === "category";
}

import type { Feature } from "./table.ts";

/** A feature's value as it comes in a record; `null` or `undefined` where missing. */
export type RawValue = number | string | boolean | null | undefined;

/**
 * The number that stands for a feature's value in training and in serving alike: a quantity or a
 * category's number as it is, the place in `values` for a named category, 0 or 1 for a flag, NaN for
 * a missing value and for a name that is not in `values`.
 *
 * @throws {TypeError} where the value is of another type than the feature's, such as a number in
 *   quotes; checking input and wording complaints is its reader's part.
 *
 * @example
 * ```ts
 * import { encodeValue } from "./encode.ts";
 * import { FEATURES } from "./table.ts";
 * const type = FEATURES.find(({ name }) => name === "Type")!;
 * console.log(encodeValue(type, "B")); // 1
 * console.log(encodeValue(type, null)); // NaN
 * ```
 */
export function encodeValue(feature: Feature, value: RawValue): number {
  if (value === null || value === undefined) return NaN;
  if ("values" in feature) {
    if (typeof value !== "string") throw wrongType(feature, "a text", value);
    const index = feature.values.indexOf(value);
    return index < 0 ? NaN : index;
  }
  if (feature.kind === "flag" && typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "number") throw wrongType(feature, "a number", value);
  return value;
}

function wrongType({ name }: Feature, expected: string, value: RawValue): TypeError {
  return new TypeError(`Expected ${expected} for ${name}, but found ${JSON.stringify(value)}`);
}

/** {@linkcode encodeValue} of every value. */
export function encodeColumn(feature: Feature, values: RawValue[]): Float64Array {
  return Float64Array.from(values, (value) => encodeValue(feature, value));
}

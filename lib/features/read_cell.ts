import type { RawValue } from "./encode.ts";
import type { Feature } from "./table.ts";

/** How missing values are written in tables, as in the raw data. */
const MISSING = new Set(["", "NA", "NaN", "nan", "null", "NULL", "None"]);

const FLAGS = new Map([["true", true], ["t", true], ["1", true], ["false", false], ["f", false], [
  "0",
  false,
]]);

/** A decimal number as programs write it: no hexadecimal, no thousands separators. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value that a cell of a CSV file stands for: blanks around it do not count, empty and `NA` are
 * missing, flags are `TRUE`, `false`, `1` and the like. A text that stands for no value of the
 * feature's kind is returned as it is, for {@linkcode checkValue} to refuse.
 *
 * @example
 * ```ts
 * import { readCell } from "./read_cell.ts";
 * import { FEATURES } from "./table.ts";
 * const [store, , isHoliday] = FEATURES;
 * console.log(readCell(store, " 12"), readCell(store, "NA"), readCell(isHoliday, "TRUE"));
 * // 12 null true
 * ```
 */
export function readCell(feature: Feature, cell: string): RawValue {
  const text = cell.trim();
  if (MISSING.has(text)) return null;
  if (feature.kind === "flag") return FLAGS.get(text.toLowerCase()) ?? text;
  if ("values" in feature || !NUMBER.test(text)) return text;
  return Number(text);
}

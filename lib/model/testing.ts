import { parseDay } from "../features/calendar.ts";
import { type FeatureColumns, type FeatureName, FEATURES } from "../features/table.ts";

/**
 * A model, or a part of one, as a value that `deepEqual` can compare: without functions, with one
 * NaN like the other, and without the checksum that a model from a file has. For tests only.
 */
export function comparable(value: object): unknown {
  if (value instanceof Float64Array) return Array.from(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, field]) => typeof field !== "function" && name !== "checksum")
      .map(([name, field]) => [name, Object(field) === field ? comparable(field) : field]),
  );
}

/** A Friday on which weeks may begin. For tests only. */
export const FIRST_DAY = parseDay("2010-02-05")!;

/** Columns of records of which nothing is known but these. For tests only. */
export function makeColumns(
  rows: number,
  known: Partial<Record<FeatureName, (row: number) => number>>,
): FeatureColumns {
  return Object.fromEntries(
    FEATURES.map(({ name }) => [
      name,
      Float64Array.from({ length: rows }, (_, row) => known[name]?.(row) ?? NaN),
    ]),
  ) as FeatureColumns;
}

import { makeColumns } from "../columns.ts";
import { checkValue, explainValue, shorten, show, type ValueCode } from "./check_value.ts";
import { encodeValue, type RawValue } from "./encode.ts";
import { type FeatureColumns, type FeatureName, FEATURES } from "./table.ts";

/** What is wrong with a record. */
export interface RecordError {
  /** Index of the record, from 0. */
  record: number;
  /** Of the record; none where it is no record at all. */
  field?: string;
  code: ValueCode | "unknown_field" | "not_a_record" | "no_such_week";
  /** A sentence for people. */
  message: string;
}

/** What {@linkcode readRecords} returns. */
export interface ReadRecords {
  /** Encoded values, none of use in a record with an error; see {@linkcode encodeValue}. */
  columns: FeatureColumns;
  /** In the order of the records, then of the feature table. */
  errors: RecordError[];
}

/**
 * Reads records as they come from outside: each an object with a value for each feature and nothing
 * else. Features that may be missing may be `null` or left out.
 *
 * @param most How many errors are told; what is wrong beyond is passed over.
 * @param columns Where the values go, of as many rows as there are records.
 *
 * @example
 * ```ts
 * import { readRecords } from "./read_records.ts";
 * const { errors } = readRecords([{ Store: 0 }]);
 * console.log(errors[0]);
 * // { record: 0, field: "Store", code: "out_of_range",
 * //   message: "Expected a whole number from 1 to 9999 for Store, but found 0." }
 * ```
 */
export function readRecords(
  records: readonly unknown[],
  most = 100,
  columns = emptyColumns(records.length),
): ReadRecords {
  const errors: RecordError[] = [];
  for (const [row, record] of records.entries()) {
    if (!isRecord(record)) {
      errors.push({
        record: row,
        code: "not_a_record",
        message: `Expected an object of features as a record, but found ${show(record)}.`,
      });
    } else {
      const known = readRecord(record, row, columns, errors);
      refuseUnknown(record, row, known, errors, most);
    }
    if (errors.length >= most) return { columns, errors: errors.slice(0, most) };
  }
  return { columns, errors };
}

/** Columns for so many rows, to be filled. */
export function emptyColumns(rows: number): FeatureColumns {
  return makeColumns(NAMES, rows);
}

const NAMES = FEATURES.map(({ name }) => name);

/**
 * Reads the features of one record into a row of columns, and nothing else of it; what is wrong is
 * added to `errors`.
 *
 * @returns How many features it names.
 */
export function readRecord(
  record: Readonly<Record<string, unknown>>,
  row: number,
  columns: FeatureColumns,
  errors: RecordError[],
): number {
  let present = 0;
  for (const feature of FEATURES) {
    const { name } = feature;
    const value = record[name];
    if (value !== undefined) present++;
    const code = checkValue(feature, value);
    if (code === undefined) columns[name][row] = encodeValue(feature, value as RawValue);
    else errors.push({ record: row, field: name, code, message: explainValue(feature, value) });
  }
  return present;
}

function refuseUnknown(
  record: Readonly<Record<string, unknown>>,
  row: number,
  known: number,
  errors: RecordError[],
  most: number,
): void {
  const names = Object.keys(record);
  if (names.length === known) return;
  for (const name of names) {
    if (KNOWN.has(name)) continue;
    // One record may have a million.
    if (errors.length >= most) return;
    errors.push({
      record: row,
      field: shorten(name),
      code: "unknown_field",
      message: `Expected only the fields ${[...KNOWN].join(", ")}, but found ${show(name)} too.`,
    });
  }
}

const KNOWN: ReadonlySet<string> = new Set<FeatureName>(NAMES);

/** Whether a value has fields, as a record must. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

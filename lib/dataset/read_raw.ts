import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { DataFrame, Expr } from "nodejs-polars";
import { UserError } from "../errors.ts";
import { parseDay } from "../features/calendar.ts";
import { NO_QUOTE, normalizeCsv } from "./csv_text.ts";
import type { RawColumn, RawTable } from "./raw_tables.ts";

/** How missing values are written. */
const MISSING = ["NA", "", "NaN", "nan", "null", "NULL", "None"];

const FLAGS = new Map([["true", 1], ["t", 1], ["1", 1], ["false", 0], ["f", 0], ["0", 0]]);

/** Line of a row in its file: the header is line 1. */
const lineOf = (row: number) => row + 2;

/**
 * Reads one raw table and holds it against its contract: columns (others are left out), types,
 * ranges, missing values, unique keys.
 *
 * @param bytes Of the CSV file.
 * @param path Of the file, named in messages.
 * @returns The columns in the order of `table`: integers and numbers as Float64, flags as 0 and 1,
 *   dates as whole days since 1970-01-01 (Float64), text as String.
 * @throws {UserError} naming file, line, column, what was expected and what was found.
 */
export function parseRawTable(bytes: Uint8Array, path: string, table: RawTable): DataFrame {
  const text = normalizeCsv(bytes, path);
  const headerEnd = text.indexOf("\n".charCodeAt(0));
  const header = new TextDecoder().decode(text.subarray(0, headerEnd)).split(",");
  const positions = findColumns(header.map((name) => name.trim()), path, table);
  if (headerEnd === text.length - 1) {
    throw new UserError(`${path} has a header but no rows. Expected at least one row of data.`);
  }
  const raw = pl.readCSV(Buffer.from(text.buffer, text.byteOffset, text.byteLength), {
    inferSchemaLength: 0,
    quoteChar: NO_QUOTE,
  });
  const cells = raw.select(...table.columns.map(({ name }, index) => {
    const cell = pl.col(raw.columns[positions[index]!]!).str.strip();
    return pl.when(cell.isIn(MISSING)).then(pl.lit(null)).otherwise(cell).alias(name);
  }));
  const typed = cells.select(...table.columns.map((column) => typedColumn(cells, column)));
  for (const column of table.columns) checkColumn(path, column, cells, typed);
  checkKey(path, table, cells, typed);
  return typed;
}

/** Where each of the table's columns stands in the header. */
function findColumns(header: string[], path: string, { columns }: RawTable): number[] {
  const names = columns.map(({ name }) => name);
  const missing = names.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const found = header.slice(0, 20).map(shorten).join(", ") + (header.length > 20 ? ", …" : "");
    throw new UserError(
      `${path}, line 1: expected the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}` +
        `, but found only ${found}. Use Kaggle's Walmart schema.`,
    );
  }
  const repeated = names.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (repeated !== undefined) {
    throw new UserError(
      `${path}, line 1: expected one column ${repeated}, but found two. Remove or rename one of them.`,
    );
  }
  return names.map((name) => header.indexOf(name));
}

/** A column's values by its kind; null where a cell cannot be read as one. */
function typedColumn(cells: DataFrame, { name, kind }: RawColumn): Expr {
  if (kind === "text") return pl.col(name);
  if (kind === "integer" || kind === "number") return pl.col(name).cast(pl.Float64, false);
  // Few distinct texts stand in many rows: each is read once, by the one function that knows how.
  const parse = kind === "date" ? parseDay : (text: string) => FLAGS.get(text.toLowerCase());
  const texts = cells.getColumn(name).unique().dropNulls().toArray() as string[];
  const readable = texts.filter((text) => parse(text) !== undefined);
  if (readable.length === 0) return pl.lit(null).cast(pl.Float64).alias(name);
  // The form with positions: the one with an object mistakes names in nodejs-polars 0.25.
  return pl.col(name).replaceStrict(
    readable,
    readable.map((text) => parse(text)!),
    pl.lit(null),
    pl.Float64,
  );
}

function checkColumn(path: string, column: RawColumn, cells: DataFrame, typed: DataFrame): void {
  const { name } = column;
  const value = pl.col(name);
  const table = pl.DataFrame([
    cells.getColumn(name).rename("cell"),
    typed.getColumn(name),
  ]);
  let wrong = value.isNull();
  if (column.nullable) wrong = wrong.and(pl.col("cell").isNotNull());
  if (column.values) wrong = wrong.or(value.isIn([...column.values]).not());
  if (column.kind === "integer") wrong = wrong.or(value.neq(value.round(0)));
  if (column.kind === "integer" || column.kind === "number") {
    const { min = -Infinity, max = Infinity } = column;
    wrong = wrong.or(value.lt(min)).or(value.gt(max)).or(value.isNan());
  }
  const bad = table.withRowIndex("row").filter(wrong);
  if (bad.height === 0) return;
  const cell = bad.getColumn("cell").get(0) as string | null;
  const found = cell === null ? "an empty cell" : JSON.stringify(shorten(cell));
  const others = bad.height > 1 ? ` (and ${bad.height - 1} more in this column)` : "";
  throw new UserError(
    `${path}, line ${lineOf(bad.getColumn("row").get(0))}, column ${name}: expected ` +
      `${describeColumn(column)}, but found ${found}${others}. Correct the file and run again.`,
  );
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** What a cell of a column should be, for messages. */
export function describeColumn({ kind, min, max, values, nullable }: RawColumn): string {
  const what = {
    integer: "a whole number",
    number: "a number",
    flag: "TRUE or FALSE",
    date: "a date as YYYY-MM-DD",
    text: `one of ${values?.join(", ")}`,
  }[kind];
  const range = min === undefined ? "" : ` from ${min} to ${max}`;
  return what + range + (nullable ? " or NA" : "");
}

function checkKey(path: string, { key }: RawTable, cells: DataFrame, typed: DataFrame): void {
  const keys = typed.select(...key);
  const repeated = keys.withRowIndex("row").filter(keys.isDuplicated());
  if (repeated.height === 0) return;
  const first = repeated.head(1).select(...key);
  const rows = repeated.join(first, { on: key, how: "inner" }).sort("row").getColumn("row");
  const lines = [rows.get(0), rows.get(1)].map(lineOf);
  const names = key.map((name) => `${name} ${cells.getColumn(name).get(rows.get(0))}`).join(", ");
  throw new UserError(
    `${path}, lines ${lines[0]} and ${lines[1]}: expected one row for each ${
      key.join(", ")
    }, but ` +
      `found ${names} twice. Remove one of them and run again.`,
  );
}

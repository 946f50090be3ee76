import { checkValue, explainValue } from "../../lib/features/check_value.ts";
import { encodeValue, type RawValue } from "../../lib/features/encode.ts";
import { readCell } from "../../lib/features/read_cell.ts";
import { type Feature, type FeatureName, FEATURES } from "../../lib/features/table.ts";
import type { Mapping } from "./match_columns.ts";

/** What is wrong with a row. */
export interface RowError {
  /** From 0. */
  row: number;
  /** Of the file, from 1. */
  line: number;
  /** Name of the column in the file. */
  column: string;
  message: string;
}

/** The features of a file's rows, encoded; grows as rows are added. */
export interface BatchTable {
  rows: number;
  /** Lines of the file. */
  lines: Uint32Array<ArrayBuffer>;
  columns: Record<FeatureName, Float64Array<ArrayBuffer>>;
  /** 1 for a row that cannot be forecast as it is. */
  bad: Uint8Array<ArrayBuffer>;
  /** How many rows that is. */
  badRows: number;
  /** What is wrong, at most {@linkcode MOST_ERRORS}. */
  errors: RowError[];
}

/** How many errors are told one by one; the others are counted. */
export const MOST_ERRORS = 10_000;

/** A table without rows. */
export function emptyTable(): BatchTable {
  return {
    rows: 0,
    lines: new Uint32Array(1024),
    columns: Object.fromEntries(
      FEATURES.map(({ name }) => [name, new Float64Array(1024)]),
    ) as BatchTable["columns"],
    bad: new Uint8Array(1024),
    badRows: 0,
    errors: [],
  };
}

/**
 * Reads a row into a table.
 *
 * @param decimalComma Whether numbers are written with a comma, as where semicolons part cells.
 */
export function addRow(
  table: BatchTable,
  line: number,
  cells: readonly string[],
  header: readonly string[],
  mapping: Mapping,
  decimalComma: boolean,
): void {
  const row = table.rows++;
  if (row >= table.lines.length) grow(table);
  table.lines[row] = line;
  for (const feature of FEATURES) {
    const place = mapping[feature.name];
    const value = readValue(feature, place === undefined ? "" : cells[place] ?? "", decimalComma);
    if (checkValue(feature, value) === undefined) {
      table.columns[feature.name][row] = encodeValue(feature, value);
      continue;
    }
    table.columns[feature.name][row] = NaN;
    markBad(table, row, header[place ?? -1] ?? feature.name, explainValue(feature, value));
  }
}

/** Marks a row as one that cannot be forecast. */
export function markBad(table: BatchTable, row: number, column: string, message: string): void {
  if (table.bad[row] === 0) table.badRows++;
  table.bad[row] = 1;
  if (table.errors.length < MOST_ERRORS) {
    table.errors.push({ row, line: table.lines[row]!, column, message });
  }
}

/** The value of a cell; see {@linkcode readCell}. */
export function readValue(feature: Feature, cell: string, decimalComma: boolean): RawValue {
  const isNumber = feature.kind !== "flag" && !("values" in feature);
  const text = decimalComma && isNumber ? cell.replace(/^(\s*[+-]?\d+),(\d+\s*)$/, "$1.$2") : cell;
  const value = readCell(feature, text);
  // Types of stores in small letters are no reason to refuse a row.
  if (!("values" in feature) || typeof value !== "string") return value;
  return feature.values.find((each) => each.toLowerCase() === value.toLowerCase()) ?? value;
}

function grow(table: BatchTable): void {
  const length = table.lines.length * 2;
  const longer = <T extends Uint32Array | Uint8Array | Float64Array>(old: T, fresh: T): T => {
    fresh.set(old);
    return fresh;
  };
  table.lines = longer(table.lines, new Uint32Array(length));
  table.bad = longer(table.bad, new Uint8Array(length));
  for (const { name } of FEATURES) {
    table.columns[name] = longer(table.columns[name], new Float64Array(length));
  }
}

/** The header of what is sent. */
export const SENT_HEADER = FEATURES.map(({ name }) => name).join(",");

/** A row as the API reads it. */
export function sentLine({ columns }: BatchTable, row: number): string {
  return FEATURES.map((feature) => {
    const value = columns[feature.name][row]!;
    if (Number.isNaN(value)) return "";
    return "values" in feature ? feature.values[value]! : `${value}`;
  }).join(",");
}

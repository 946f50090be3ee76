/**
 * The table that all runs learn from, as files in bench/.cache that Deno and Python read alike.
 *
 * @module
 */

import type { AnyFeatureName } from "../lib/features/table.ts";
import type { ColumnKind } from "../lib/trees/mod.ts";

/** Where the tables stand, and whatever else a run leaves for the next; not under version control. */
export const CACHE = "bench/.cache";

/**
 * Which rows are the training part: random ones, others for each run, or the weeks before the split
 * of params.yaml, `time`.
 */
export type TableName = `random-${number}` | "time";

/** The table with random training rows that run number `run`, 0 or more, works with. */
export function randomTable(run: number): TableName {
  return `random-${run}`;
}

/** What stands beside a table's numbers, in `NAME.json`. */
export interface TableFacts {
  rows: number;
  /** How many of them, from the first on, are for training; the others are for testing. */
  trainRows: number;
  /** First and last week of the training part, as YYYY-MM-DD, and how many. */
  weeks: { first: string; last: string; count: number };
  features: { name: AnyFeatureName; kind: ColumnKind }[];
}

/** A part of a table. */
export interface Rows {
  /** One array a feature; NaN is missing. */
  columns: Float64Array[];
  targets: Float64Array;
}

/** A table in memory. */
export interface Table {
  facts: TableFacts;
  train: Rows;
  test: Rows;
}

/** The sales of all weeks, as the pipeline has them. */
export const SALES = `${CACHE}/sales.parquet`;

/** Path of the sales before the split of params.yaml, and behind it. */
export function salesPath(part: "train" | "test"): string {
  return `${CACHE}/${part}.parquet`;
}

/** Path of a table without its ending: `.f64` holds its numbers, `.json` its facts. */
export function tablePath(name: TableName): string {
  return `${CACHE}/${name}`;
}

/**
 * The bytes of a `.f64` file: feature by feature, then the targets, each a float64 for every row,
 * little-endian. Training rows come first, either part in its former order.
 *
 * @param tests One number a row, 1 where the row is for testing.
 */
export function tableBytes({ columns, targets }: Rows, tests: Uint8Array): Uint8Array<ArrayBuffer> {
  const rows = targets.length;
  const values = new Float64Array((columns.length + 1) * rows);
  for (const [index, column] of [...columns, targets].entries()) {
    let next = index * rows;
    for (const part of [0, 1]) {
      for (let row = 0; row < rows; row++) if (tests[row] === part) values[next++] = column[row]!;
    }
  }
  return new Uint8Array(values.buffer);
}

/** The parts of a `.f64` file's numbers, which they share memory with. */
export function tableParts(
  values: Float64Array,
  { rows, trainRows }: Pick<TableFacts, "rows" | "trainRows">,
): { train: Rows; test: Rows } {
  const part = (from: number, to: number): Rows => {
    const columns = Array.from(
      { length: values.length / rows },
      (_, column) => values.subarray(column * rows + from, column * rows + to),
    );
    const targets = columns.pop()!;
    return { columns, targets };
  };
  return { train: part(0, trainRows), test: part(trainRows, rows) };
}

/** Reads a table, straight into the memory it stays in. */
export async function readTable(name: TableName): Promise<Table> {
  const facts: TableFacts = JSON.parse(await Deno.readTextFile(`${tablePath(name)}.json`));
  const values = new Float64Array((facts.features.length + 1) * facts.rows);
  using file = await Deno.open(`${tablePath(name)}.f64`);
  await readAll(file, values);
  return { facts, ...tableParts(values, facts) };
}

/** Fills `values` from where `file` stands. */
async function readAll(file: Deno.FsFile, values: Float64Array): Promise<void> {
  const bytes = new Uint8Array(values.buffer);
  for (let filled = 0; filled < bytes.length;) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) throw new Error("A table is shorter than its facts say");
    filled += read;
  }
}

/** `count` rows evenly spread over all, or all where there are no more. */
export function thinRows({ columns, targets }: Rows, count = Infinity): Rows {
  const rows = targets.length;
  if (rows <= count) return { columns, targets };
  const pick = (column: Float64Array) =>
    Float64Array.from({ length: count }, (_, i) => column[Math.floor(i * rows / count)]!);
  return { columns: columns.map(pick), targets: pick(targets) };
}

/** Rows with 0 in place of missing values, for those who cannot take these. */
export function fillMissing({ columns, targets }: Rows): Rows {
  const fill = (column: Float64Array) => column.map((value) => Number.isNaN(value) ? 0 : value);
  return { columns: columns.map(fill), targets };
}

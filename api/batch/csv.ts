import { checkValue, explainValue, show } from "../../lib/features/check_value.ts";
import { encodeValue } from "../../lib/features/encode.ts";
import { readCell } from "../../lib/features/read_cell.ts";
import { emptyColumns, type RecordError } from "../../lib/features/read_records.ts";
import { type FeatureColumns, FEATURES } from "../../lib/features/table.ts";
import { joinWords } from "../../lib/words.ts";
import { Problem } from "../problem.ts";
import {
  addedNames,
  type BatchFormat,
  type BatchOptions,
  isBroken,
  LONGEST_RECORD,
  NOT_UTF8,
  predictRows,
} from "./batch.ts";
import { csvRows } from "./csv_rows.ts";
import { createRecordCutter } from "./record_cutter.ts";

/** Characters that may part cells, the likeliest first. */
const DELIMITERS = ",;\t|";

/**
 * CSV with a header. The columns of the input come out as they are, behind them the forecasts, and
 * in `error` what is wrong with a row.
 */
export function csvBatch(options: BatchOptions): BatchFormat {
  const added = addedNames(options.levels);
  let cutter = createRecordCutter({ longest: LONGEST_RECORD, delimiters: DELIMITERS });
  let begun = false, delimiter = ",", width = 0;
  /** Where each feature stands in a row; -1 where it is left out. */
  let places: number[] = [];
  return {
    type: "text/csv",
    next(piece, isLast) {
      let head = "";
      if (!begun) {
        let header = cutter.cutOne(piece);
        while (header !== "" && header.trim() === "") header = cutter.cutOne("");
        let rest = cutter.rest();
        if (header === "" && isLast) [header, rest] = [rest, ""];
        if (header.trim() === "") return { text: "", predicted: 0 };
        head = begin(header);
        begun = true;
        cutter = createRecordCutter({ longest: LONGEST_RECORD, delimiters: delimiter });
        piece = rest;
      }
      const { text, predicted } = predict(cutter.cut(piece) + (isLast ? cutter.rest() : ""));
      return { text: head + text, predicted };
    },
    fail: (message) => delimiter.repeat(width + added.length) + quoteCell(message) + "\n",
  };

  function begin(text: string): string {
    if (isBroken(text)) throw new Problem(400, NOT_UTF8);
    delimiter = findDelimiter(text);
    const [header = []] = csvRows(text, delimiter);
    width = header.length;
    places = findColumns(header.map((name) => name.trim()), [...added, "error"]);
    return [...header.map(quoteCell), ...added, "error"].join(delimiter) + "\n";
  }

  function predict(text: string): { text: string; predicted: number } {
    if (text === "") return { text, predicted: 0 };
    const rows = csvRows(text, delimiter);
    const failed = new Map<number, RecordError[]>();
    const columns = readRows(rows, places, width, failed);
    if (isBroken(text)) refuseBroken(rows, failed);
    const values = predictRows(options, columns, rows.length, failed);
    const hasQuotes = text.includes('"');
    let out = "";
    for (const [row, cells] of rows.entries()) {
      // A row that is too short or too long must not move what is added to other columns.
      if (cells.length > width) cells.length = width;
      out += (hasQuotes ? cells.map(quoteCell) : cells).join(delimiter);
      out += delimiter.repeat(width - cells.length);
      const errors = failed.get(row);
      if (errors) {
        out += delimiter.repeat(added.length + 1);
        out += quoteCell(errors.map(({ message }) => message).join(" "));
      } else {
        for (const ofName of values) out += delimiter + ofName[row];
        out += delimiter;
      }
      out += "\n";
    }
    return { text: out, predicted: rows.length - failed.size };
  }

  function quoteCell(cell: string): string {
    return /["\r\n]/.test(cell) || cell.includes(delimiter)
      ? `"${cell.replaceAll('"', '""')}"`
      : cell;
  }
}

function readRows(
  rows: string[][],
  places: number[],
  width: number,
  failed: Map<number, RecordError[]>,
): FeatureColumns {
  const columns = emptyColumns(rows.length);
  for (const [row, cells] of rows.entries()) {
    if (cells.length !== width) {
      failed.set(row, [{
        record: row,
        code: "not_a_record",
        message: `Expected ${width} cells as in the header, but found ${cells.length}.`,
      }]);
      continue;
    }
    for (const [i, feature] of FEATURES.entries()) {
      const { name } = feature;
      const place = places[i]!;
      const value = place < 0 ? null : readCell(feature, cells[place]!);
      const code = checkValue(feature, value);
      if (code === undefined) columns[name][row] = encodeValue(feature, value);
      else {
        const error = { record: row, field: name, code, message: explainValue(feature, value) };
        const errors = failed.get(row);
        if (errors) errors.push(error);
        else failed.set(row, [error]);
      }
    }
  }
  return columns;
}

function refuseBroken(rows: string[][], failed: Map<number, RecordError[]>): void {
  for (const [row, cells] of rows.entries()) {
    if (!cells.some(isBroken)) continue;
    failed.set(row, [{ record: row, code: "not_a_record", message: NOT_UTF8 }]);
  }
}

/** The one that parts the line into the most features. */
function findDelimiter(line: string): string {
  const names = new Set<string>(FEATURES.map(({ name }) => name));
  const counts = [...DELIMITERS].map((delimiter) =>
    line.split(delimiter).filter((cell) => names.has(cell.replace(/^[\s"]+|[\s"]+$/g, ""))).length
  );
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/**
 * Where each feature stands in the header.
 *
 * @param reserved Names of what is added.
 * @throws {Problem} 422 where a column is missing, stands twice or has the name of one that is added.
 */
function findColumns(header: string[], reserved: string[]): number[] {
  const missing = FEATURES.filter(({ name, missing }) =>
    missing === "refuse" && !header.includes(name)
  );
  if (missing.length > 0) {
    const names = joinWords(missing.map(({ name }) => name));
    const found = header.slice(0, 20).map(show).join(", ") + (header.length > 20 ? ", …" : "");
    throw new Problem(
      422,
      `Expected the column${missing.length > 1 ? "s" : ""} ${names} in the first line, but found ` +
        `only ${found}.`,
      {
        errors: missing.map(({ name }) => ({
          field: name,
          code: "missing",
          message: `Expected the column ${name} in the first line, but found none of this name.`,
        })),
      },
    );
  }
  const repeated = FEATURES.find(({ name }) => header.indexOf(name) !== header.lastIndexOf(name));
  if (repeated) {
    throw new Problem(422, `Expected one column ${repeated.name}, but found two. Remove one.`);
  }
  const taken = reserved.find((name) => header.includes(name));
  if (taken !== undefined) {
    throw new Problem(
      422,
      `Expected no column ${taken}, since the answer adds one of this name. Rename or remove it.`,
    );
  }
  return FEATURES.map(({ name }) => header.indexOf(name));
}

// @ts-types="@types/papaparse"
import Papa from "papaparse";
import { checkValue, explainValue, show } from "../../lib/features/check_value.ts";
import { encodeValue } from "../../lib/features/encode.ts";
import { readCell } from "../../lib/features/read_cell.ts";
import { emptyColumns, type RecordError } from "../../lib/features/read_records.ts";
import { type FeatureColumns, FEATURES } from "../../lib/features/table.ts";
import { joinWords } from "../../lib/words.ts";
import { Problem } from "../problem.ts";
import { addedNames, type BatchFormat, type BatchOptions, predictRows } from "./batch.ts";

/** Characters that may part cells, the likeliest first. */
const DELIMITERS = [",", ";", "\t", "|"];

/**
 * CSV with a header. The columns of the input come out as they are, behind them the forecasts, and
 * in `error` what is wrong with a row.
 */
export function csvBatch(options: BatchOptions): BatchFormat {
  const added = addedNames(options.levels);
  let delimiter = ",", width = 0;
  /** Where each feature stands in a row; -1 where it is left out. */
  let places: number[] = [];
  const parse = (text: string) =>
    Papa.parse<string[]>(text, { delimiter, newline: newlineOf(text), skipEmptyLines: true }).data;
  return {
    type: "text/csv",
    quote: '"',
    begin(text) {
      const start = text.replace(/^\ufeff/, "").replace(/^[\r\n]+/, "");
      const line = /^[^\r\n]*/.exec(start)![0];
      delimiter = findDelimiter(line);
      const [header = []] = parse(line);
      width = header.length;
      places = findColumns(header.map((name) => name.trim()), [...added, "error"]);
      const cells = [...header.map(quoteCell), ...added, "error"];
      return { head: cells.join(delimiter) + "\n", rest: start.slice(line.length) };
    },
    next(text) {
      const rows = parse(text);
      const failed = new Map<number, RecordError[]>();
      const columns = readRows(rows, places, width, failed);
      const values = predictRows(options, columns, rows.length, failed);
      const hasQuotes = text.includes('"');
      let out = "";
      for (const [row, cells] of rows.entries()) {
        out += (hasQuotes ? cells.map(quoteCell) : cells).join(delimiter);
        const errors = failed.get(row);
        if (errors) {
          // A row that is too short must not move what is wrong with it to another column.
          out += delimiter.repeat(Math.max(0, width - cells.length) + added.length + 1);
          out += quoteCell(errors.map(({ message }) => message).join(" "));
        } else {
          for (const ofName of values) out += delimiter + ofName[row];
          out += delimiter;
        }
        out += "\n";
      }
      return { text: out, predicted: rows.length - failed.size };
    },
    fail: (message) => delimiter.repeat(width + added.length) + quoteCell(message) + "\n",
  };

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

/** The one that parts the line into the most features. */
function findDelimiter(line: string): string {
  const names = new Set<string>(FEATURES.map(({ name }) => name));
  const counts = DELIMITERS.map((delimiter) =>
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

function newlineOf(text: string): "\n" | "\r\n" | "\r" {
  if (text.includes("\r\n")) return "\r\n";
  return text.includes("\n") || !text.includes("\r") ? "\n" : "\r";
}

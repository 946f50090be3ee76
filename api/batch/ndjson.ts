import { show } from "../../lib/features/check_value.ts";
import {
  emptyColumns,
  isRecord,
  readRecord,
  type RecordError,
} from "../../lib/features/read_records.ts";
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
import { createRecordCutter } from "./record_cutter.ts";

/**
 * A record a line, as JSON. Each comes out as it is written, its forecasts added, or `error`: a
 * sentence, and the errors of its fields. Other fields than features are left alone.
 */
export function ndjsonBatch(options: BatchOptions): BatchFormat {
  const added = addedNames(options.levels);
  const cutter = createRecordCutter({ longest: LONGEST_RECORD });
  let begun = false;
  return {
    type: "application/x-ndjson",
    next(piece, isLast) {
      const text = cutter.cut(piece) + (isLast ? cutter.rest() : "");
      const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
      if (lines.length === 0) return { text: "", predicted: 0 };
      if (!begun && isBroken(lines[0]!)) throw new Problem(400, NOT_UTF8);
      begun = true;
      const failed = new Map<number, RecordError[]>();
      const columns = emptyColumns(lines.length);
      const records = lines.map((line, row) => {
        const value = parseLine(line);
        const errors: RecordError[] = [];
        if (!isRecord(value) || isBroken(line)) {
          const found = value === undefined ? "no JSON" : show(value);
          const message = `Expected an object of features as a line, but found ${found}.`;
          errors.push({
            record: row,
            code: "not_a_record",
            message: isBroken(line) ? NOT_UTF8 : message,
          });
        } else {
          readRecord(value, row, columns, errors);
          refuseTaken(value, row, added, errors);
        }
        if (errors.length > 0) failed.set(row, errors);
        return isRecord(value) ? value : {};
      });
      const values = predictRows(options, columns, lines.length, failed);
      let out = "";
      for (const [row, record] of records.entries()) {
        const errors = failed.get(row);
        const more = errors
          ? `"error":${JSON.stringify(describe(errors))}`
          : added.map((name, i) => `"${name}":${values[i]![row]}`).join();
        // Written anew, long numbers would lose digits.
        const line = Object.keys(record).length > 0 ? lines[row]!.trim().slice(0, -1) + "," : "{";
        out += `${line}${more}}\n`;
      }
      return { text: out, predicted: lines.length - failed.size };
    },
    fail: (message) => JSON.stringify({ error: { message, errors: [] } }) + "\n",
  };
}

function refuseTaken(
  record: Record<string, unknown>,
  row: number,
  added: string[],
  errors: RecordError[],
): void {
  for (const name of [...added, "error"]) {
    if (!Object.hasOwn(record, name)) continue;
    errors.push({
      record: row,
      field: name,
      code: "unknown_field",
      message: `Expected no field ${name}, since the answer adds one of this name.`,
    });
  }
}

function describe(errors: RecordError[]) {
  return {
    message: errors.map(({ message }) => message).join(" "),
    errors: errors.map(({ field, code, message }) => ({ field, code, message })),
  };
}

/** `undefined` where it is no JSON. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

import {
  emptyColumns,
  isRecord,
  readRecord,
  type RecordError,
} from "../../lib/features/read_records.ts";
import { show } from "../../lib/features/check_value.ts";
import { addedNames, type BatchFormat, type BatchOptions, predictRows } from "./batch.ts";

/**
 * A record a line, as JSON. Each comes out with its forecasts added, or with `error`: a sentence, and
 * the errors of its fields. Fields that are no features come out as they are.
 */
export function ndjsonBatch(options: BatchOptions): BatchFormat {
  const added = addedNames(options.levels);
  return {
    type: "application/x-ndjson",
    begin: (text) => ({ head: "", rest: text.replace(/^\ufeff/, "") }),
    next(text) {
      const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
      const failed = new Map<number, RecordError[]>();
      const columns = emptyColumns(lines.length);
      const records = lines.map((line, row) => {
        const errors: RecordError[] = [];
        const value = parseLine(line);
        if (isRecord(value)) readRecord(value, row, columns, errors);
        else {
          const found = value === undefined ? "no JSON" : show(value);
          const message = `Expected an object of features as a line, but found ${found}.`;
          errors.push({ record: row, code: "not_a_record", message });
        }
        if (errors.length > 0) failed.set(row, errors);
        return isRecord(value) ? value : {};
      });
      const values = predictRows(options, columns, lines.length, failed);
      const out = records.map((record, row) => {
        const errors = failed.get(row);
        if (errors) return JSON.stringify({ ...record, error: describe(errors) });
        const forecasts = Object.fromEntries(added.map((name, i) => [name, values[i]![row]]));
        return JSON.stringify({ ...record, ...forecasts });
      });
      return {
        text: out.length > 0 ? out.join("\n") + "\n" : "",
        predicted: lines.length - failed.size,
      };
    },
    fail: (message) => JSON.stringify({ error: { message, errors: [] } }) + "\n",
  };
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

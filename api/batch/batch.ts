import type { RecordError } from "../../lib/features/read_records.ts";
import type { FeatureColumns } from "../../lib/features/table.ts";
import type { Level } from "../../lib/intervals/conformal.ts";
import type { Model } from "../../lib/model/model.ts";
import { missingWeeks, predictColumns } from "../make_predictions.ts";
import { percentOf } from "../predict_request.ts";

/** What is asked of each record. */
export interface BatchOptions {
  model: Model;
  levels: readonly Level[];
}

/** Records in, the same with their forecasts out. */
export interface BatchFormat {
  /** Media type, of what comes in and what goes out. */
  type: string;
  /**
   * Forecasts of the records that end in the next piece of the input, as they go out, and how many
   * they are. However the input is cut into pieces, the same goes out.
   *
   * @param isLast Whether the input ends with it.
   * @throws {Problem} where the input cannot be forecast as a whole, or not from here on.
   */
  next(piece: string, isLast: boolean): { text: string; predicted: number };
  /** What goes out in the place of a record that cannot be read, after which nothing comes. */
  fail(message: string): string;
}

/** Most characters of a record. */
export const LONGEST_RECORD = 2 ** 20;

/** What is wrong with a text that stands for bytes that are no UTF-8, or are no text. */
export const NOT_UTF8 =
  "Expected text in UTF-8, but found bytes that are none. Save the file as UTF-8.";

/** Whether a text stands for bytes that are no UTF-8, or no text: UTF-16 has zero bytes. */
export function isBroken(text: string): boolean {
  return text.includes("\ufffd") || text.includes("\0");
}

/** Names of what is added to each record: the forecast, and the bounds of each interval. */
export function addedNames(levels: readonly Level[]): string[] {
  return [
    "prediction",
    ...levels.flatMap((level) => [`lower_${percentOf(level)}`, `upper_${percentOf(level)}`]),
  ];
}

/**
 * Forecasts of rows of which some have errors.
 *
 * @param rows Rows of the columns.
 * @param failed What is wrong, by row; rows whose week does not exist are added.
 * @returns By name of what is added (see {@linkcode addedNames}), one a row; anything where the row
 *   has an error.
 */
export function predictRows(
  { model, levels }: BatchOptions,
  columns: FeatureColumns,
  rows: number,
  failed: Map<number, RecordError[]>,
): number[][] {
  const good: number[] = [];
  for (let row = 0; row < rows; row++) if (!failed.has(row)) good.push(row);
  let chosen = pickRows(columns, good, rows);
  const missing = missingWeeks(model, chosen, Infinity);
  if (missing.length > 0) {
    for (const error of missing) failed.set(good[error.record]!, [error]);
    const left = good.filter((row) => !failed.has(row));
    good.splice(0, good.length, ...left);
    chosen = pickRows(columns, good, rows);
  }
  const { predictions, intervals } = predictColumns(model, chosen, levels);
  const found = [predictions, ...intervals.flatMap(({ lower, upper }) => [lower, upper])];
  if (good.length === rows) return found;
  return found.map((values) => {
    const spread = new Array<number>(rows).fill(NaN);
    for (const [i, row] of good.entries()) spread[row] = values[i]!;
    return spread;
  });
}

/** Some rows of columns. */
function pickRows(columns: FeatureColumns, rows: number[], all: number): FeatureColumns {
  if (rows.length === all) return columns;
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      Float64Array.from(rows, (row) => values[row]!),
    ]),
  ) as FeatureColumns;
}

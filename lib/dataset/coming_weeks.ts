import { UserError } from "../errors.ts";
import { formatDay } from "../features/calendar.ts";
import type { StoreWeek } from "../forecasts/record_columns.ts";
import { RAW_TABLES } from "./raw_tables.ts";
import { parseRawTable } from "./read_raw.ts";

/**
 * The weeks of data/features.csv that come after a week, store by store.
 *
 * @param bytes Of the file.
 * @param path Of the file, for messages.
 * @param origin Day of the last week that is known, in days since 1970-01-01.
 * @throws {UserError} where the file breaks its contract, has no such week, or names its weeks by
 *   another weekday.
 */
export function comingWeeks(bytes: Uint8Array, path: string, origin: number): StoreWeek[] {
  const frame = parseRawTable(bytes, path, RAW_TABLES.features);
  const [stores, days, flags] = ["Store", "Date", "IsHoliday"].map((name) =>
    Array.from(frame.getColumn(name).toTypedArray() as Float64Array)
  ) as [number[], number[], number[]];
  const weeks = days.map((day, row) => ({ store: stores[row]!, day, isHoliday: flags[row]! }))
    .filter(({ day }) => day > origin);
  if (weeks.length === 0) {
    throw new UserError(
      `${path} has no week after ${formatDay(origin)}, the last one that the model knows. ` +
        "Add the weeks to forecast.",
    );
  }
  requireWeekday(weeks, path, origin);
  return weeks.sort((a, b) => a.store - b.store || a.day - b.day);
}

/** Complains of the first day that is no whole number of weeks from the origin. */
export function requireWeekday(weeks: { day: number }[], path: string, origin: number): void {
  const other = weeks.find(({ day }) => (day - origin) % 7 !== 0);
  if (!other) return;
  throw new UserError(
    `${path}: expected all weeks to be named by the same weekday as ${
      formatDay(origin)
    }, the last ` +
      `one that the model knows, but found ${formatDay(other.day)}. Correct the date.`,
  );
}

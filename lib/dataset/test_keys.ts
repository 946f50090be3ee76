import type { ForecastKey } from "../forecasts/record_columns.ts";
import { requireWeekday } from "./coming_weeks.ts";
import { RAW_TABLES, type RawTable } from "./raw_tables.ts";
import { parseRawTable } from "./read_raw.ts";

/** Kaggle's test.csv: what of train.csv names a row, without its sales. */
const TEST_TABLE: RawTable = {
  ...RAW_TABLES.train,
  file: "test.csv",
  columns: RAW_TABLES.train.columns.filter(({ name }) => name !== "Weekly_Sales"),
};

/**
 * The rows of Kaggle's test.csv, in their order.
 *
 * @param origin Day of the last week that the model knows.
 * @throws {UserError} where the file breaks its contract.
 */
export function readTestKeys(bytes: Uint8Array, path: string, origin: number): ForecastKey[] {
  const frame = parseRawTable(bytes, path, TEST_TABLE);
  const [stores, departments, days, flags] = ["Store", "Dept", "Date", "IsHoliday"].map((name) =>
    Array.from(frame.getColumn(name).toTypedArray() as Float64Array)
  ) as [number[], number[], number[], number[]];
  const keys = stores.map((store, row): ForecastKey => ({
    store,
    department: departments[row]!,
    day: days[row]!,
    isHoliday: flags[row]!,
  }));
  requireWeekday(keys, path, origin);
  return keys;
}

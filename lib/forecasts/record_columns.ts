import { isoWeek, monthOf, yearOf } from "../features/calendar.ts";
import { type FeatureColumns, FEATURES } from "../features/table.ts";
import type { StoreFacts } from "../model/store_facts.ts";

/** A week of a store. */
export interface StoreWeek {
  store: number;
  /** In days since 1970-01-01. */
  day: number;
  /** 1 or 0. */
  isHoliday: number;
}

/** What to forecast. */
export interface ForecastKey extends StoreWeek {
  department: number;
}

/**
 * Records of weeks to come, as columns: keys, calendar and stores. What nobody knows yet (weather,
 * prices, markdowns) is missing; no model learns from it.
 *
 * @param stores By number; where one is not among them, its type and size are missing.
 */
export function recordColumns(
  keys: ForecastKey[],
  stores: ReadonlyMap<number, StoreFacts>,
): FeatureColumns {
  const columns = Object.fromEntries(
    FEATURES.map(({ name }) => [name, new Float64Array(keys.length).fill(NaN)]),
  ) as FeatureColumns;
  for (const [row, { store, department, day, isHoliday }] of keys.entries()) {
    columns.Store[row] = store;
    columns.Dept[row] = department;
    columns.IsHoliday[row] = isHoliday;
    columns.Type[row] = stores.get(store)?.type ?? NaN;
    columns.Size[row] = stores.get(store)?.size ?? NaN;
    columns.Year[row] = yearOf(day);
    columns.Month[row] = monthOf(day);
    columns.Week[row] = isoWeek(day);
  }
  return columns;
}

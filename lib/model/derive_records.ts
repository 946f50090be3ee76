import type { FeatureColumns } from "../features/table.ts";
import { dayOfWeek } from "../features/week.ts";
import { derive, type Derived } from "../history/derive.ts";
import type { Model } from "./model.ts";

/**
 * What follows from records and a model's outlook: the seasonal forecast, and the derived features.
 *
 * @throws {RangeError} where a year has no such week.
 */
export function deriveRecords(
  { outlook }: Pick<Model, "outlook">,
  columns: FeatureColumns,
): Derived {
  const { Store, Dept } = columns;
  return derive(outlook, {
    stores: Store,
    departments: Dept,
    days: findDays(columns, outlook.origin),
  });
}

function findDays(
  { Year, Month, Week }: Pick<FeatureColumns, "Year" | "Month" | "Week">,
  weekday: number,
): Int32Array {
  const found = new Map<string, number>();
  return Int32Array.from(Year, (year, row) => {
    const week = Week[row]!, month = Month[row]!;
    const key = `${year} ${month} ${week}`;
    let day = found.get(key);
    if (day === undefined) {
      day = dayOfWeek(year, week, weekday, month);
      if (day === undefined) {
        throw new RangeError(
          `Expected a week that the year has, but found week ${week} of ${year}`,
        );
      }
      found.set(key, day);
    }
    return day;
  });
}

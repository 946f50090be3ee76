import type { FeatureColumns } from "../features/table.ts";
import { findWeek } from "../features/week.ts";
import { derive, type Derived } from "../history/derive.ts";
import type { Model } from "./model.ts";

/**
 * What follows from records and a model's outlook: the seasonal forecast, and the derived features.
 *
 * @param into Where it goes; see {@linkcode derive}.
 * @throws {RangeError} where a year has no such week.
 */
export function deriveRecords(
  { outlook }: Pick<Model, "outlook">,
  columns: FeatureColumns,
  into?: Derived,
): Derived {
  const { Store: stores, Dept: departments } = columns;
  return derive(outlook, { stores, departments, days: findDays(columns, outlook.origin) }, into);
}

function findDays(
  { Year, Month, Week }: Pick<FeatureColumns, "Year" | "Month" | "Week">,
  weekday: number,
): number[] {
  // For a single row, a typed array takes longer.
  const days: number[] = [];
  for (let row = 0; row < Year.length; row++) {
    const year = Year[row]!, week = Week[row]!;
    const day = findWeek(year, week, weekday, Month[row]!);
    if (day === undefined) {
      throw new RangeError(`Expected a week that the year has, but found week ${week} of ${year}`);
    }
    days.push(day);
  }
  return days;
}

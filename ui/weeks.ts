import { formatDay, isoWeek, monthOf, parseDay, yearOf } from "../lib/features/calendar.ts";
import { holidaysOfWeek, isHolidayWeek } from "../lib/features/holiday_weeks.ts";
import type { Holiday } from "../lib/features/holidays.ts";
import { dayOfWeek } from "../lib/features/week.ts";

/** The features that the date of a week gives. */
export interface WeekFields {
  Year: number;
  Month: number;
  Week: number;
  IsHoliday: boolean;
}

/**
 * The features of the week that ends on a day.
 *
 * @example
 * ```ts
 * import { parseDay } from "../lib/features/calendar.ts";
 * import { weekFields } from "./weeks.ts";
 * console.log(weekFields(parseDay("2012-11-23")!));
 * // { Year: 2012, Month: 11, Week: 47, IsHoliday: true }
 * ```
 */
export function weekFields(day: number): WeekFields {
  return {
    Year: yearOf(day),
    Month: monthOf(day),
    Week: isoWeek(day),
    IsHoliday: isHolidayWeek(day),
  };
}

/** The last day of the week, as weeks are named by the day `origin`, that holds `day`. */
export function endOfWeek(day: number, origin: number): number {
  return day + ((origin - day) % 7 + 7) % 7;
}

/** The day of the week that a record names; `undefined` where there is none. */
export function dayOfRecord(
  record: Record<string, unknown>,
  origin: number,
): number | undefined {
  const { Year, Month, Week } = record;
  if (typeof Year !== "number" || typeof Week !== "number") return undefined;
  return dayOfWeek(Year, Week, origin, typeof Month === "number" ? Month : NaN);
}

/** The next weeks with a holiday, after the week `origin`. */
export function nextHolidays(origin: number, weeks: number): { day: number; holiday: Holiday }[] {
  const found: { day: number; holiday: Holiday }[] = [];
  for (let day = origin + 7; day <= origin + 7 * weeks; day += 7) {
    for (const holiday of holidaysOfWeek(day)) found.push({ day, holiday });
  }
  return found;
}

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July", "August"],
  ...["September", "October", "November", "December"],
];

/**
 * A date as people write it.
 *
 * @example
 * ```ts
 * import { parseDay } from "../lib/features/calendar.ts";
 * import { dateInWords } from "./weeks.ts";
 * console.log(dateInWords(parseDay("2012-11-23")!)); // 23 November 2012
 * ```
 */
export function dateInWords(day: number): string {
  const [year, , date] = formatDay(day).split("-");
  return `${Number(date)} ${MONTHS[monthOf(day) - 1]} ${year}`;
}

/** {@linkcode dateInWords} of an ISO date; the text itself where it is none. */
export function isoInWords(date: string): string {
  const day = parseDay(date);
  return day === undefined ? date : dateInWords(day);
}

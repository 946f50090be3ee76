import { daysFrom, type Holiday, HOLIDAYS } from "./holidays.ts";

/**
 * The holidays of the seven days that end with a day.
 *
 * @param day The week's last day, in days since 1970-01-01.
 *
 * @example
 * ```ts
 * import { parseDay } from "./calendar.ts";
 * import { holidaysOfWeek } from "./holiday_weeks.ts";
 * console.log(holidaysOfWeek(parseDay("2012-11-23")!)); // [ "Thanksgiving" ]
 * ```
 */
export function holidaysOfWeek(day: number): Holiday[] {
  return HOLIDAYS.filter((holiday) => {
    const days = daysFrom(holiday, day);
    return days >= 0 && days < 7;
  });
}

/** Whether the data flag the week that ends with a day as a holiday's: Easter is none of theirs. */
export function isHolidayWeek(day: number): boolean {
  return holidaysOfWeek(day).some((holiday) => holiday !== "Easter");
}

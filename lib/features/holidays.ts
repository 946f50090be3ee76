import { DAY_MS, yearOf } from "./calendar.ts";

/** Holidays that move weekly sales, in the order of the year. */
export const HOLIDAYS = ["Super Bowl", "Easter", "Labor Day", "Thanksgiving", "Christmas"] as const;

/** One of {@linkcode HOLIDAYS}. */
export type Holiday = typeof HOLIDAYS[number];

/**
 * Day of a holiday in a year, in days since 1970-01-01.
 *
 * Super Bowl: the first Sunday of February, since 2022 the second. Easter: Sunday of the Gregorian
 * calendar (Meeus, Jones and Butcher). Labor Day: the first Monday of September. Thanksgiving: the
 * fourth Thursday of November. Christmas: 25 December.
 *
 * @param year Calendar year, 1970 to 2200.
 *
 * @example
 * ```ts
 * import { formatDay } from "./calendar.ts";
 * import { holidayOf } from "./holidays.ts";
 * console.log(formatDay(holidayOf("Easter", 2012))); // 2012-04-08
 * ```
 */
export function holidayOf(holiday: Holiday, year: number): number {
  switch (holiday) {
    case "Super Bowl":
      return weekdayOf(year, 2, SUNDAY, year < 2022 ? 1 : 2);
    case "Easter":
      return easter(year);
    case "Labor Day":
      return weekdayOf(year, 9, MONDAY, 1);
    case "Thanksgiving":
      return weekdayOf(year, 11, THURSDAY, 4);
    case "Christmas":
      return dayOf(year, 12, 25);
  }
}

/**
 * Signed distance to the nearest date of a holiday: below 0 before it, above 0 after it.
 *
 * @param day Days since 1970-01-01.
 * @returns Days, -197 to 197.
 *
 * @example
 * ```ts
 * import { parseDay } from "./calendar.ts";
 * import { daysFrom } from "./holidays.ts";
 * console.log(daysFrom("Christmas", parseDay("2011-12-23")!)); // -2
 * console.log(daysFrom("Christmas", parseDay("2012-01-06")!)); // 12
 * ```
 */
export function daysFrom(holiday: Holiday, day: number): number {
  const year = yearOf(day);
  const distances = [year - 1, year, year + 1].map((year) => day - holidayOf(holiday, year));
  return distances.reduce((a, b) => Math.abs(b) < Math.abs(a) ? b : a);
}

const SUNDAY = 0, MONDAY = 1, THURSDAY = 4;

/** The `count`-th of a weekday in a month. */
function weekdayOf(year: number, month: number, weekday: number, count: number): number {
  const first = dayOf(year, month, 1);
  // Day 0 was a Thursday.
  return first + ((weekday - THURSDAY - first) % 7 + 7) % 7 + 7 * (count - 1);
}

function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The names are those of the algorithm's literature. */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100), c = year % 100;
  const d = Math.floor(b / 4), e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4), k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = (h + l - 7 * m + 114) % 31 + 1;
  return dayOf(year, month, day);
}

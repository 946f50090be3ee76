import { DAY_MS, isoWeek, monthOf, yearOf } from "./calendar.ts";

/**
 * Day of a week that a record names by its calendar year and ISO week, the inverse of
 * {@linkcode yearOf} and {@linkcode isoWeek}.
 *
 * @param year Calendar year of the day.
 * @param week ISO week of the day, 1 to 53.
 * @param weekday Any day of the weekday by which weeks are named, such as a Friday.
 * @param month Calendar month of the day, 1 to 12: tells apart the two weeks at either end of a year
 *   that may have the same number. Where it is missing or fits
 *   neither, that of the ISO year.
 * @returns Days since 1970-01-01, or `undefined` where the year has no such week.
 *
 * @example
 * ```ts
 * import { formatDay, parseDay } from "./calendar.ts";
 * import { dayOfWeek } from "./week.ts";
 * const friday = parseDay("2010-02-05")!;
 * console.log(formatDay(dayOfWeek(2012, 47, friday)!)); // 2012-11-23
 * console.log(dayOfWeek(2012, 53, friday)); // undefined
 * ```
 */
export function dayOfWeek(
  year: number,
  week: number,
  weekday: number,
  month = NaN,
): number | undefined {
  const fourth = Date.UTC(year, 0, 4) / DAY_MS;
  // 4 January is always in week 1. Day 0 was a Thursday: (day + 3) mod 7 counts from Monday.
  const monday = fourth - mod(fourth + 3, 7);
  const day = monday + mod(weekday + 3, 7) + 7 * (week - 1);
  // Days around New Year may be in the last week of the year before, or the first of the next.
  const found = [day, day - 364, day - 371, day + 364, day + 371].filter((day) =>
    yearOf(day) === year && isoWeek(day) === week
  );
  return found.find((day) => monthOf(day) === month) ?? found[0];
}

/** Weeks that {@linkcode findWeek} remembers at most; all of a century are 5,300. */
const MOST_REMEMBERED = 10_000;
const remembered = new Map<number, number | undefined>();

/** {@linkcode dayOfWeek}, remembered: records name the same few weeks again and again. */
export function findWeek(
  year: number,
  week: number,
  weekday: number,
  month: number,
): number | undefined {
  const key = ((year * 13 + month) * 64 + week) * 7 + mod(weekday, 7);
  const found = remembered.get(key);
  if (found !== undefined || remembered.has(key)) return found;
  const day = dayOfWeek(year, week, weekday, month);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  // NaN and fractions would meet other weeks' keys.
  if (Number.isInteger(key) && month >= 1 && month <= 12 && week >= 1 && week <= 53) {
    remembered.set(key, day);
  }
  return day;
}

function mod(a: number, b: number): number {
  return (a % b + b) % b;
}

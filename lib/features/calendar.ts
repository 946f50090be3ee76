/**
 * Dates as whole days since 1970-01-01 (day 0), in the proleptic Gregorian calendar; no time zone.
 *
 * @module
 */

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/**
 * Day of an ISO date.
 *
 * @returns The day, or `undefined` for anything but a real date written YYYY-MM-DD.
 *
 * @example
 * ```ts
 * import { parseDay } from "./calendar.ts";
 * console.log(parseDay("2010-02-05")); // 14645
 * console.log(parseDay("2010-02-30")); // undefined
 * ```
 */
export function parseDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  // Some engines roll 30 February over into March: only a date that prints as it was read is real.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) return undefined;
  return time / DAY_MS;
}

/** ISO date (YYYY-MM-DD) of a day. */
export function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Calendar year of a day. */
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** Calendar month of a day, 1 to 12. */
export function monthOf(day: number): number {
  return new Date(day * DAY_MS).getUTCMonth() + 1;
}

/**
 * ISO 8601 week of a day, 1 to 53: week 1 holds the year's first Thursday. Its year may differ from
 * {@linkcode yearOf} in the days around New Year.
 *
 * @example
 * ```ts
 * import { isoWeek, parseDay } from "./calendar.ts";
 * console.log(isoWeek(parseDay("2010-12-31")!)); // 52
 * console.log(isoWeek(parseDay("2011-01-01")!)); // 52, of 2010
 * ```
 */
export function isoWeek(day: number): number {
  // Day 0 was a Thursday, so Monday-based weekday 0..6 is (day + 3) mod 7.
  const weekday = ((day + 3) % 7 + 7) % 7;
  const thursday = day - weekday + 3;
  const firstOfYear = Date.UTC(yearOf(thursday), 0, 1) / DAY_MS;
  return Math.floor((thursday - firstOfYear) / 7) + 1;
}

import { DAY_MS, monthOf, yearOf } from "../features/calendar.ts";
import { daysFrom, type Holiday } from "../features/holidays.ts";
import { SEASON_DAYS } from "./seasons.ts";

/** A week of the past, and the part it has in what is expected of another week. */
export interface SourceWeek {
  day: number;
  /** Above 0; those of all source weeks sum to 1. */
  share: number;
}

/**
 * The weeks of the last known year that a week corresponds to:
 * - the week of Easter: last year's week of Easter; and where last year's week was that of Easter,
 *   the weeks around it;
 * - weeks of holidays that keep their weekday: the one 52 weeks earlier;
 * - others, and all in December: the same dates. These lie one or two days (a season is 364 days)
 *   in the week before the one 52 weeks earlier, so this one counts 6/7 or 5/7, the one before the
 *   rest. In the weeks of Christmas these days are worth a lot: people shop until the 24th.
 *
 * @param day The week's day.
 * @param origin Day of the last week that is known; see {@linkcode seasonsTo}.
 *
 * @see The "shift" of the winning entry of Kaggle's Walmart competition, 2014.
 *
 * @example
 * ```ts
 * import { formatDay, parseDay } from "../features/calendar.ts";
 * import { sourceWeeks } from "./alignment.ts";
 * const weeks = sourceWeeks(parseDay("2012-04-06")!, parseDay("2012-03-30")!);
 * console.log(formatDay(weeks[0]!.day)); // 2011-04-22, the Friday before Easter
 * ```
 */
export function sourceWeeks(day: number, origin: number): SourceWeek[] {
  const seasons = seasonsTo(day, origin);
  const same = day - seasons * SEASON_DAYS;
  const fromEaster = weeksFromEaster(day), sameFromEaster = weeksFromEaster(same);
  if (fromEaster === 0) return [{ day: same - 7 * sameFromEaster, share: 1 }];
  if (sameFromEaster === 0) return [{ day: same - 7, share: 0.5 }, { day: same + 7, share: 0.5 }];
  if (keepsWeekday(day)) return [{ day: same, share: 1 }];
  const daysBefore = same - sameDate(day, seasons);
  const weeksBefore = Math.floor(daysBefore / 7);
  const nearest = same - 7 * weeksBefore, share = daysBefore / 7 - weeksBefore;
  if (share === 0) return [{ day: nearest, share: 1 }];
  return [{ day: nearest, share: 1 - share }, { day: nearest - 7, share }];
}

/**
 * The least number of seasons that leads from a week back to one that is known; 0 and below for weeks
 * of the past, which are looked up in the last year as well.
 */
export function seasonsTo(day: number, origin: number): number {
  // Adding 0 makes 0 of -0.
  return Math.ceil((day - origin) / SEASON_DAYS) + 0;
}

/** 0 for the week whose sales are those before Easter, which it may end on or a few days before. */
function weeksFromEaster(day: number): number {
  return Math.round((daysFrom("Easter", day) + 2) / 7);
}

/** Weeks of these holidays, and those around Thanksgiving until December, go by the weekday. */
function keepsWeekday(day: number): boolean {
  const isIn = (holiday: Holiday, from: number, to: number) => {
    const days = daysFrom(holiday, day);
    return days >= from && days <= to;
  };
  if (isIn("Christmas", -24, 13)) return false;
  return isIn("Super Bowl", 0, 6) || isIn("Labor Day", 0, 6) || isIn("Thanksgiving", -10, 10);
}

/** The same date so many years earlier. */
function sameDate(day: number, years: number): number {
  const date = new Date(day * DAY_MS).getUTCDate();
  // 29 February becomes 1 March.
  return Date.UTC(yearOf(day) - years, monthOf(day) - 1, date) / DAY_MS;
}

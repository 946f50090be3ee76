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
 * - the week of Easter, Super Bowl, Labor Day or Thanksgiving: last year's week of it; where last
 *   year's week was such and this one is not, the weeks around it;
 * - others, and all from 1 December to 7 January: the same dates. These lie one or two days (a season is 364 days)
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
  for (const holiday of ["Easter", "Super Bowl", "Labor Day", "Thanksgiving"] as const) {
    const weeks = weeksFrom(holiday, day), sameWeeks = weeksFrom(holiday, same);
    const isOwn = weeks === 0 || holiday === "Thanksgiving" && isAroundThanksgiving(day);
    const own = same + 7 * (weeks - sameWeeks);
    // Last year's may be one of the weeks that nobody knows yet.
    if (isOwn) return [{ day: own <= origin ? own : same, share: 1 }];
    if (sameWeeks === 0) {
      return [{ day: same - 7, share: 0.5 }, { day: same + 7, share: 0.5 }];
    }
  }
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

/**
 * Weeks since a holiday's: 0 for the week that it is in, and for the one whose sales are those before
 * Easter.
 */
function weeksFrom(holiday: Holiday, day: number): number {
  const days = daysFrom(holiday, day);
  return holiday === "Easter" ? Math.round((days + 2) / 7) : Math.floor(days / 7);
}

/** The weeks before and after go with Thanksgiving's own, until December. */
function isAroundThanksgiving(day: number): boolean {
  const days = daysFrom("Thanksgiving", day), christmas = daysFrom("Christmas", day);
  return days >= -10 && days <= 10 && !(christmas >= -24 && christmas <= 13);
}

/** The same date so many years earlier. */
function sameDate(day: number, years: number): number {
  const date = new Date(day * DAY_MS).getUTCDate();
  // 29 February becomes 1 March.
  return Date.UTC(yearOf(day) - years, monthOf(day) - 1, date) / DAY_MS;
}

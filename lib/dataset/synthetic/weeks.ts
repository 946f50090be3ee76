import { parseDay } from "../../features/calendar.ts";

/** Days of things that move sales, one for each year from 2010 to 2013. */
export const EVENTS = {
  superBowl: days("2010-02-07", "2011-02-06", "2012-02-05", "2013-02-03"),
  valentine: days("2010-02-14", "2011-02-14", "2012-02-14", "2013-02-14"),
  easter: days("2010-04-04", "2011-04-24", "2012-04-08", "2013-03-31"),
  mothersDay: days("2010-05-09", "2011-05-08", "2012-05-13", "2013-05-12"),
  memorialDay: days("2010-05-31", "2011-05-30", "2012-05-28", "2013-05-27"),
  independenceDay: days("2010-07-04", "2011-07-04", "2012-07-04", "2013-07-04"),
  schoolStart: days("2010-08-20", "2011-08-19", "2012-08-20", "2013-08-19"),
  laborDay: days("2010-09-06", "2011-09-05", "2012-09-03", "2013-09-02"),
  halloween: days("2010-10-31", "2011-10-31", "2012-10-31", "2013-10-31"),
  thanksgiving: days("2010-11-25", "2011-11-24", "2012-11-22", "2013-11-28"),
  christmas: days("2010-12-25", "2011-12-25", "2012-12-25", "2013-12-25"),
} as const;

/** Name of an event. */
export type EventName = keyof typeof EVENTS;

/** How many weeks the sales cover: 2010-02-05 to 2012-10-26. */
export const SALES_WEEKS = 143;

/** Fridays that name the weeks of the features: 182 from 2010-02-05 to 2013-07-26. */
export const FRIDAYS: readonly number[] = Array.from(
  { length: 182 },
  (_, week) => day("2010-02-05") + 7 * week,
);

function day(text: string): number {
  return parseDay(text)!;
}

function days(...texts: string[]): readonly number[] {
  return texts.map(day);
}

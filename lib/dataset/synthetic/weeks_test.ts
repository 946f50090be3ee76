import assert from "node:assert/strict";
import { formatDay } from "../../features/calendar.ts";
import { EVENTS, FRIDAYS, isHolidayWeek, SALES_WEEKS } from "./weeks.ts";

Deno.test("isHolidayWeek() is true in the thirteen weeks of the four holidays", () => {
  assert.deepEqual(FRIDAYS.filter(isHolidayWeek).map(formatDay), [
    ...["2010-02-12", "2010-09-10", "2010-11-26", "2010-12-31"],
    ...["2011-02-11", "2011-09-09", "2011-11-25", "2011-12-30"],
    ...["2012-02-10", "2012-09-07", "2012-11-23", "2012-12-28"],
    "2013-02-08",
  ]);
});

Deno.test("FRIDAYS run from 2010-02-05 to 2013-07-26, with sales to 2012-10-26", () => {
  assert.equal(formatDay(FRIDAYS[0]!), "2010-02-05");
  assert.equal(formatDay(FRIDAYS[SALES_WEEKS - 1]!), "2012-10-26");
  assert.equal(formatDay(FRIDAYS.at(-1)!), "2013-07-26");
  assert(FRIDAYS.every((day) => (day + 4) % 7 === 5), "all are Fridays");
});

Deno.test("EVENTS keep to the weekday that each feast has", () => {
  const weekdays = (days: readonly number[]) => days.map((day) => (day + 4) % 7);
  const sunday = [0, 0, 0, 0];
  assert.deepEqual(weekdays(EVENTS.superBowl), sunday);
  assert.deepEqual(weekdays(EVENTS.easter), sunday);
  assert.deepEqual(weekdays(EVENTS.mothersDay), sunday);
  assert.deepEqual(weekdays(EVENTS.memorialDay), [1, 1, 1, 1]);
  assert.deepEqual(weekdays(EVENTS.laborDay), [1, 1, 1, 1]);
  assert.deepEqual(weekdays(EVENTS.thanksgiving), [4, 4, 4, 4]);
});

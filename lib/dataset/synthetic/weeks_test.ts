import assert from "node:assert/strict";
import { formatDay } from "../../features/calendar.ts";
import { EVENTS, FRIDAYS, SALES_WEEKS } from "./weeks.ts";

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

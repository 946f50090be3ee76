import assert from "node:assert/strict";
import { formatDay, parseDay } from "../lib/features/calendar.ts";
import { dayOfRecord, endOfWeek, nextHolidays, weekFields } from "./weeks.ts";

const ORIGIN = parseDay("2012-10-26")!;

Deno.test("dayOfRecord() finds the day that weekFields() describes, over 20 years", () => {
  for (let day = ORIGIN - 7 * 500; day < ORIGIN + 7 * 500; day += 7) {
    assert.equal(dayOfRecord({ ...weekFields(day) }, ORIGIN), day);
  }
});

Deno.test("endOfWeek() is the Friday on or after a day", () => {
  for (const date of ["2012-11-17", "2012-11-20", "2012-11-23"]) {
    assert.equal(formatDay(endOfWeek(parseDay(date)!, ORIGIN)), "2012-11-23");
  }
});

Deno.test("nextHolidays() names those of a year once", () => {
  assert.deepEqual(nextHolidays(ORIGIN, 52).map(({ holiday }) => holiday), [
    ...["Thanksgiving", "Christmas", "Super Bowl", "Easter", "Labor Day"],
  ]);
});

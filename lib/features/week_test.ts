import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDay, isoWeek, monthOf, parseDay, yearOf } from "./calendar.ts";
import { dayOfWeek } from "./week.ts";

const FRIDAY = parseDay("2010-02-05")!;

Deno.test("dayOfWeek() knows the Fridays around New Year", () => {
  for (
    const [year, week, day] of [
      [2010, 53, "2010-01-01"],
      [2010, 1, "2010-01-08"],
      [2010, 52, "2010-12-31"],
      [2011, 1, "2011-01-07"],
      [2012, 52, "2012-12-28"],
      [2015, 53, undefined],
      [2016, 53, "2016-01-01"],
    ] as const
  ) {
    const found = dayOfWeek(year, week, FRIDAY);
    assert.equal(found === undefined ? undefined : formatDay(found), day, `${year} ${week}`);
  }
});

Deno.test("dayOfWeek() takes back what yearOf() and isoWeek() make of any day", () => {
  fc.assert(fc.property(fc.integer({ min: -25_000, max: 84_000 }), (day) => {
    // Any but Thursdays and Fridays may share their year and week with a day 52 weeks away.
    assert.equal(dayOfWeek(yearOf(day), isoWeek(day), day, monthOf(day)), day);
    if ([0, 1].includes((day % 7 + 7) % 7)) {
      assert.equal(dayOfWeek(yearOf(day), isoWeek(day), day), day);
    }
  }));
});

Deno.test("dayOfWeek() gives undefined for a week that the year does not have", () => {
  assert.equal(dayOfWeek(2011, 53, FRIDAY), undefined);
  assert.equal(dayOfWeek(2011, 0, FRIDAY), undefined);
});

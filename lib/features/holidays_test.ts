import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDay, parseDay } from "./calendar.ts";
import { daysFrom, type Holiday, holidayOf, HOLIDAYS } from "./holidays.ts";

/** From published calendars. */
const DATES: Record<Holiday, string[]> = {
  "Super Bowl": [
    "2010-02-07",
    "2011-02-06",
    "2012-02-05",
    "2013-02-03",
    "2022-02-13",
    "2024-02-11",
  ],
  Easter: [
    ...["1970-03-29", "2000-04-23", "2008-03-23", "2010-04-04", "2011-04-24", "2012-04-08"],
    ...["2013-03-31", "2024-03-31", "2025-04-20", "2038-04-25", "2100-03-28"],
  ],
  "Labor Day": ["2010-09-06", "2011-09-05", "2012-09-03", "2013-09-02", "2025-09-01"],
  Thanksgiving: ["2010-11-25", "2011-11-24", "2012-11-22", "2013-11-28", "2018-11-22"],
  Christmas: ["2010-12-25", "2012-12-25"],
};

Deno.test("holidayOf() gives the dates that calendars have", () => {
  for (const holiday of HOLIDAYS) {
    for (const date of DATES[holiday]) {
      assert.equal(formatDay(holidayOf(holiday, Number(date.slice(0, 4)))), date, holiday);
    }
  }
});

Deno.test("daysFrom() is below 0 before a holiday, 0 on it and above 0 after it", () => {
  const from = (holiday: Holiday, date: string) => daysFrom(holiday, parseDay(date)!);
  assert.equal(from("Thanksgiving", "2011-11-18"), -6);
  assert.equal(from("Thanksgiving", "2011-11-25"), 1);
  assert.equal(from("Christmas", "2012-01-06"), 12);
  assert.equal(from("Super Bowl", "2010-12-31"), -37);
  assert.equal(from("Easter", "2012-04-06"), -2);
  assert.equal(from("Labor Day", "2012-09-03"), 0);
});

Deno.test("daysFrom() is the way to the nearest year's date", () => {
  const holidays = fc.constantFrom(...HOLIDAYS), days = fc.integer({ min: 1000, max: 80_000 });
  fc.assert(fc.property(holidays, days, (holiday, day) => {
    const distance = daysFrom(holiday, day);
    const year = Number(formatDay(day - distance).slice(0, 4));
    assert.equal(holidayOf(holiday, year), day - distance);
    for (const other of [year - 1, year + 1]) {
      assert.ok(Math.abs(day - holidayOf(holiday, other)) >= Math.abs(distance));
    }
    assert.ok(Math.abs(distance) <= 197);
  }));
});

import assert from "node:assert/strict";
import { parseDay } from "../../features/calendar.ts";
import { monthLevel, type Season, SEASONS, weeklyLevels } from "./seasons.ts";
import { FRIDAYS } from "./weeks.ts";

const day = (text: string) => parseDay(text)!;
const FLAT = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
const RISING = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

Deno.test("weeklyLevels() is the mean over the week's seven days", () => {
  const season: Season = { months: FLAT, lifts: { christmas: [[-1, 7], [0, 7]] } };
  // 24 and 25 December 2010 were a Friday and a Saturday; in 2011 both fell into one week.
  const fridays = ["2010-12-24", "2010-12-31", "2011-12-23", "2011-12-30"].map(day);
  assert.deepEqual([...weeklyLevels(season, fridays)], [2, 2, 1, 3]);
});

Deno.test("weeklyLevels() adds payday on the first seven days of a month", () => {
  const season: Season = { months: FLAT, lifts: {}, payday: 0.7 };
  const fridays = ["2010-10-01", "2010-10-08", "2010-10-15"].map(day);
  const levels = [...weeklyLevels(season, fridays)].map((level) => Math.round(level * 100) / 100);
  assert.deepEqual(levels, [1.1, 1.6, 1]);
});

Deno.test("weeklyLevels() is never negative", () => {
  for (const [name, season] of Object.entries(SEASONS)) {
    assert(weeklyLevels(season, FRIDAYS).every((level) => level > 0), name);
  }
});

Deno.test("monthLevel() has the month's value in its middle and goes straight between", () => {
  assert.equal(monthLevel(RISING, day("2011-03-15")) > 2.95, true);
  assert.equal(monthLevel(RISING, day("2011-03-16")) < 3.05, true);
  assert.equal(monthLevel(FLAT, day("2011-12-31")), 1);
  // From December to January it goes round.
  const turn = monthLevel(RISING, day("2011-12-31"));
  assert(turn < 12 && turn > 1, `${turn}`);
});

Deno.test("SEASONS give all twelve months", () => {
  for (const [name, season] of Object.entries(SEASONS)) {
    assert.equal(season.months.length, 12, name);
  }
});

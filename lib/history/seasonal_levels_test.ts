import assert from "node:assert/strict";
import { parseDay } from "../features/calendar.ts";
import type { SalesHistory } from "./sales_history.ts";
import { SEASONAL_WEEKS, seasonalLevels } from "./seasonal_levels.ts";

/** 5 February 2010, a Friday. Week 63 is that of Easter 2011, week 113 that of Easter 2012. */
const FIRST = parseDay("2010-02-05")!;

/** One department's stores by weeks. */
function department(...rows: number[][]): SalesHistory {
  return {
    firstDay: FIRST,
    weeks: rows[0]!.length,
    stores: Uint16Array.from(rows, (_, i) => i + 1),
    departments: Uint16Array.from(rows, () => 7),
    sales: Float64Array.from(rows.flat()),
  };
}

/** Weeks of some sales. */
const weeks = (count: number, sales: number) => Array<number>(count).fill(sales);

/** Levels of a series, by week of a history so long. */
function levelAt(levels: Float64Array, count: number, series = 0) {
  return (week: number) => levels[(series + 1) * SEASONAL_WEEKS - count + week];
}

Deno.test("seasonalLevels() is what stores have in common, with 0.3 of what a store has alone", () => {
  // Rank 1 of [x + y, x - y] is [x, x], where x (1000) and y (0, 200, -200, 0) are at right angles
  // and x is longer.
  const levels = seasonalLevels(
    department([1000, 1200, 800, 1000], [1000, 800, 1200, 1000]),
    1,
  );
  assert.deepEqual([...levels], [1000, 1060, 940, 1000, 1000, 940, 1060, 1000]);
});

Deno.test("seasonalLevels() takes 0.3 of the year before, raised by the growth since", () => {
  // 65 weeks of the past, of which 52 have 1000 in the mean, then a year of 1100: growth is 1.1.
  const sales = [...weeks(13, 5000), ...weeks(26, 800), ...weeks(26, 1200), ...weeks(52, 1100)];
  assert.equal(sales.length, 117);
  const levels = seasonalLevels(department(sales), 2);
  assert.equal(levels.length, SEASONAL_WEEKS);
  const at = levelAt(levels, 117);
  // 1100 + 0.3 * (800 * 1.1 - 1100); Easter moves weeks by up to three.
  for (let week = 68; week <= 90; week++) assert.equal(at(week), 1034, `${week}`);
  // 1100 + 0.3 * (1200 * 1.1 - 1100)
  for (let week = 92; week <= 116; week++) assert.equal(at(week), 1166, `${week}`);
  // 4 November 2011: six days go with 5 November 2010, a day with the week before it.
  // 1100 + 0.3 * ((1200 * 6 / 7 + 800 / 7) * 1.1 - 1100) = 1147.1
  assert.equal(at(91), 1147);
});

Deno.test("seasonalLevels() knows Easter in the year before by its week", () => {
  const sales = weeks(117, 1000);
  sales[63] = 2000;
  const at = levelAt(seasonalLevels(department(sales), 2), 117);
  // Growth is 52 / 53, for week 63 lies in the year before: 1000 + 0.3 * (2000 * 52 / 53 - 1000).
  assert.equal(at(113), 1289);
  // Where Easter was last year, the weeks around it count: 1000 + 0.3 * (1000 * 52 / 53 - 1000).
  assert.deepEqual([at(112), at(114), at(115)], [994, 994, 994]);
});

Deno.test("seasonalLevels() takes no year before that lies before the first week", () => {
  // To week 52 belong six days of week 0, and one of the week before, which is not known.
  const sales = [...weeks(53, 1000), ...weeks(7, 1500)];
  // Of the second store: before its first week stands the other's last.
  const levels = seasonalLevels(department(sales, sales), 2);
  const at = levelAt(levels, 60, 1);
  assert.equal(at(51), 1000);
  assert.equal(at(52), 1000);
  // Growth of weeks 52 to 59: (1000 + 7 * 1500) / 8000 = 1.4375; 1500 + 0.3 * (1437.5 - 1500).
  assert.deepEqual([at(53), at(59)], [1481, 1481]);
});

Deno.test("seasonalLevels() keeps the last 57 weeks, or all where they are fewer", () => {
  const sales = Array.from({ length: 60 }, (_, week) => week < 4 ? 1 : 100);
  assert.equal(SEASONAL_WEEKS, 57);
  assert.deepEqual([...seasonalLevels(department(sales), 2).subarray(0, 3)], [1, 100, 100]);
  assert.equal(seasonalLevels(department(weeks(56, 5), weeks(56, 6)), 2).length, 2 * 56);
});

Deno.test("seasonalLevels() fills gaps of a series that has sold; others stay NaN", () => {
  // The gap: the series' mean of 200, times a course of 20 / 20.
  const levels = seasonalLevels(department([10, 20, 30], [100, NaN, 300], weeks(3, NaN)), 3);
  assert.deepEqual([...levels], [10, 20, 30, 100, 200, 300, NaN, NaN, NaN]);
});

Deno.test("seasonalLevels() is in whole USD that 32 bits hold, without -0", () => {
  const most = 2147483647;
  const levels = seasonalLevels(department([12.4, 12.6, -0.4, -7.6, 1e12, -1e12]), 1);
  assert.deepEqual([...levels], [12, 13, 0, -8, most, -most]);
});

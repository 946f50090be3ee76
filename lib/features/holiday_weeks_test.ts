import assert from "node:assert/strict";
import { formatDay, parseDay } from "./calendar.ts";
import { holidaysOfWeek, isHolidayWeek } from "./holiday_weeks.ts";

Deno.test("isHolidayWeek() flags the weeks that the Walmart data flag", () => {
  const first = parseDay("2010-02-05")!;
  const flagged = Array.from({ length: 182 }, (_, week) => first + 7 * week).filter(isHolidayWeek);
  assert.deepEqual(flagged.map(formatDay), [
    "2010-02-12",
    "2010-09-10",
    "2010-11-26",
    "2010-12-31",
    "2011-02-11",
    "2011-09-09",
    "2011-11-25",
    "2011-12-30",
    "2012-02-10",
    "2012-09-07",
    "2012-11-23",
    "2012-12-28",
    "2013-02-08",
  ]);
});

Deno.test("holidaysOfWeek() names each day's week once", () => {
  assert.deepEqual(holidaysOfWeek(parseDay("2012-04-13")!), ["Easter"]);
  assert.deepEqual(holidaysOfWeek(parseDay("2012-04-06")!), []);
  assert.deepEqual(holidaysOfWeek(parseDay("2011-12-25")!), ["Christmas"]);
});

import assert from "node:assert/strict";
import { gatherWeeks, weeklyTotals, weeklyTotalsCsv } from "./weeks.ts";

const DAY = Int32Array.of(14652, 14645, 14652);

Deno.test("gatherWeeks() sorts the weeks and finds each row's", () => {
  const { days, weekOfRow } = gatherWeeks(DAY);
  assert.deepEqual(days, Int32Array.of(14645, 14652));
  assert.deepEqual(weekOfRow, Int32Array.of(1, 0, 1));
});

Deno.test("weeklyTotals() sums sales and predictions by week, and weeklyTotalsCsv() writes them", () => {
  const series = weeklyTotals(DAY, Float64Array.of(10.4, 5, 20), {
    gbr: Float64Array.of(1, 2, 3),
    seasonal_naive: Float64Array.of(-1, -0.2, -3),
  });
  assert.deepEqual(series.actual, Float64Array.of(5, 30.4));
  assert.deepEqual(series.predicted["gbr"], Float64Array.of(2, 4));
  assert.equal(
    weeklyTotalsCsv(series),
    "week,Date,actual,gbr,seasonal_naive\n1,2010-02-05,5,2,0\n2,2010-02-12,30,4,-4\n",
  );
});

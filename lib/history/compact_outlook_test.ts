import assert from "node:assert/strict";
import { compactOutlook } from "./compact_outlook.ts";
import { originOf, type SalesHistory } from "./sales_history.ts";
import { seasonalLevels } from "./seasonal_levels.ts";

const FIRST = 14645;

/** Sales of departments of store 1, by weeks. */
function store(...rows: number[][]): SalesHistory {
  return {
    firstDay: FIRST,
    weeks: rows[0]!.length,
    stores: Uint16Array.from(rows, () => 1),
    departments: Uint16Array.from(rows, (_, i) => i + 1),
    sales: Float64Array.from(rows.flat()),
  };
}

/** Sales that tell the week. */
const weeks = (count: number) => Array.from({ length: count }, (_, week) => 1000 + week);

/** Sales in one week alone. */
const once = (count: number, week: number) =>
  Array.from({ length: count }, (_, at) => at === week ? 500 : NaN);

Deno.test("compactOutlook() keeps the last 66 weeks of sales, and 57 of seasonal levels", () => {
  const long = store(weeks(117), weeks(117).map((sales) => 2 * sales));
  const { history, seasonal } = compactOutlook(long, 2);
  assert.equal(history.weeks, 66);
  assert.equal(history.firstDay, FIRST + 7 * 51);
  assert.equal(originOf(history), originOf(long));
  const last = weeks(117).slice(51);
  assert.deepEqual([...history.sales], [...last, ...last.map((sales) => 2 * sales)]);
  assert.equal(seasonal.length, 2 * 57);
  // Levels know the year before, of which the 66 weeks hold little.
  assert.deepEqual(seasonal, seasonalLevels(long, 2));
});

Deno.test("compactOutlook() keeps a shorter history whole", () => {
  const { history, seasonal } = compactOutlook(store(weeks(40)), 2);
  assert.deepEqual([history.weeks, history.firstDay], [40, FIRST]);
  assert.deepEqual([...history.sales], weeks(40));
  assert.deepEqual([...seasonal], weeks(40));
});

Deno.test("compactOutlook() leaves out series that sold nothing in the last 52 weeks", () => {
  // Departments 1 and 4 are sold; 2 last in the 53rd week from the end, 3 in the 52nd; 5 never.
  const { history, seasonal } = compactOutlook(
    store(weeks(117), once(117, 64), once(117, 65), weeks(117), once(117, -1)),
    2,
  );
  assert.deepEqual([...history.departments], [1, 3, 4]);
  assert.deepEqual([...history.stores], [1, 1, 1]);
  const last = weeks(117).slice(51);
  assert.deepEqual([...history.sales], [...last, ...once(66, 14), ...last]);
  // Each has its own levels still: departments 1 and 4 the same, 3 the mean of its only sale.
  assert.equal(seasonal.length, 3 * 57);
  assert.deepEqual(seasonal.subarray(0, 57), seasonal.subarray(2 * 57));
  assert.ok(seasonal.subarray(57, 2 * 57).every((level) => level === 500));
});

Deno.test("compactOutlook() holds sales in whole USD, without -0, gaps as NaN", () => {
  const { history } = compactOutlook(store([12.4, 12.6, NaN, -0.4, -7.6]), 2);
  assert.deepEqual([...history.sales], [12, 13, NaN, 0, -8]);
});

Deno.test("compactOutlook() smooths three years, no more", () => {
  // The mean that fills the gap in the last week knows 156 weeks.
  const change = (week: number) => {
    const sales = weeks(158);
    sales[157] = NaN;
    if (week >= 0) sales[week] = 1_000_000;
    return compactOutlook(store(sales), 2);
  };
  assert.deepEqual(change(1), change(-1));
  assert.notDeepEqual(change(2), change(-1));
});

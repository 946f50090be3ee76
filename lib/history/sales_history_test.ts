import assert from "node:assert/strict";
import { historyOf, originOf, type SalesRows, seriesFinder } from "./sales_history.ts";

/** Rows of store, department, week and sales. */
function rows(list: [number, number, number, number][]): SalesRows {
  return {
    length: list.length,
    day: Int32Array.from(list, ([, , week]) => 14645 + 7 * week),
    sales: Float64Array.from(list, ([, , , sales]) => sales),
    features: {
      Store: Float64Array.from(list, ([store]) => store),
      Dept: Float64Array.from(list, ([, dept]) => dept),
    },
  };
}

const ROWS = rows([[2, 1, 0, 20], [1, 9, 2, 3], [1, 10, 0, 7], [1, 9, 0, 1], [2, 1, 3, -5]]);

Deno.test("historyOf() lays rows out by series and week, in order, NaN where there is none", () => {
  const history = historyOf(ROWS);
  assert.equal(history.weeks, 4);
  assert.deepEqual([...history.stores], [1, 1, 2]);
  assert.deepEqual([...history.departments], [9, 10, 1]);
  assert.deepEqual([...history.sales], [1, NaN, 3, NaN, 7, NaN, NaN, NaN, 20, NaN, NaN, -5]);
  assert.equal(originOf(history), 14645 + 21);
});

Deno.test("historyOf() leaves out what is after the origin", () => {
  const until = historyOf(ROWS, 14645 + 14);
  assert.deepEqual([...until.sales], [1, NaN, 3, 7, NaN, NaN, 20, NaN, NaN]);
  assert.throws(() => historyOf(ROWS, 14644), /^RangeError: Expected a row that is known/);
});

Deno.test("seriesFinder() takes no department for another store's", () => {
  const find = seriesFinder(historyOf(ROWS));
  assert.deepEqual([find(1, 10_001), find(0, 20_001), find(3, -9999), find(2, NaN)], [
    -1,
    -1,
    -1,
    -1,
  ]);
});

Deno.test("seriesFinder() finds series by store and department, -1 where there is none", () => {
  const find = seriesFinder(historyOf(ROWS));
  assert.deepEqual([find(1, 9), find(1, 10), find(2, 1), find(2, 9), find(3, 1)], [
    0,
    1,
    2,
    -1,
    -1,
  ]);
});

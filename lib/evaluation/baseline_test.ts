import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BaselineHistory,
  NAIVE_SOURCES,
  type NaiveSource,
  seasonalNaive,
} from "./baseline.ts";

/** Rows of store, department, day and sales. */
function history(rows: [number, number, number, number][]): BaselineHistory {
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]!);
  return {
    length: rows.length,
    day: Int32Array.from(column(2)),
    sales: column(3),
    features: { Store: column(0), Dept: column(1) },
  };
}

const DAY = 15_000;
const TRAIN = history([
  [1, 1, DAY, 100],
  [1, 1, DAY + 7, 200],
  [1, 1, DAY + 14, 600],
  [1, 2, DAY + 7, 50],
  [2, 2, DAY + 14, 70],
]);

Deno.test("seasonalNaive() takes 52 weeks earlier, then 53, 51, and means of ever more rows", () => {
  const cases: [store: number, dept: number, day: number, sales: number, source: NaiveSource][] = [
    [1, 1, DAY + 364, 100, "seasonal_lag"],
    [1, 1, DAY + 364 + 14, 600, "seasonal_lag"],
    [1, 2, DAY + 364 + 14, 50, "seasonal_lag_plus_1"],
    [1, 2, DAY + 364, 50, "seasonal_lag_minus_1"],
    [1, 1, DAY + 364 - 14, 300, "series_mean"],
    [3, 2, DAY + 364, 60, "department_mean"],
    [1, 9, DAY + 364, 204, "overall_mean"],
  ];
  for (const [store, dept, day, sales, source] of cases) {
    const { predictions, sources } = seasonalNaive(TRAIN, history([[store, dept, day, NaN]]));
    assert.equal(predictions[0], sales, source);
    assert.equal(sources[source], 1, source);
  }
});

Deno.test("seasonalNaive() looks back two seasons where one does not reach training", () => {
  const { predictions, sources } = seasonalNaive(TRAIN, history([[1, 1, DAY + 728, NaN]]));
  assert.equal(predictions[0], 100);
  assert.equal(sources.seasonal_lag, 1);
});

Deno.test("seasonalNaive() refuses an empty training table", () => {
  assert.throws(() => seasonalNaive(history([]), TRAIN), RangeError);
});

const anyHistory = (minLength: number) =>
  fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 130 }).map((week) => DAY + 7 * week),
      fc.double({ min: -1e4, max: 1e6, noNaN: true }),
    ),
    { minLength, maxLength: 60 },
  ).map(history);

Deno.test("seasonalNaive() never looks at the sales of the rows that it predicts", () => {
  fc.assert(fc.property(anyHistory(1), anyHistory(0), (train, rows) => {
    const other = { ...rows, sales: rows.sales.map((sales) => -3 * sales + 17) };
    assert.deepEqual(seasonalNaive(train, other), seasonalNaive(train, rows));
    const hidden = {
      length: rows.length,
      day: rows.day,
      features: rows.features,
      get sales(): Float64Array {
        throw new Error("read the sales");
      },
    };
    seasonalNaive(train, hidden);
  }));
});

Deno.test("seasonalNaive() stays within the training sales and counts each row once", () => {
  fc.assert(fc.property(anyHistory(1), anyHistory(0), (train, rows) => {
    const { predictions, sources } = seasonalNaive(train, rows);
    const low = Math.min(...train.sales);
    const high = Math.max(...train.sales);
    const slack = 1e-6 * (1 + high - low);
    assert.ok(predictions.every((value) => value >= low - slack && value <= high + slack));
    assert.deepEqual(Object.keys(sources), [...NAIVE_SOURCES]);
    assert.equal(Object.values(sources).reduce((sum, count) => sum + count, 0), rows.length);
  }));
});

import assert from "node:assert/strict";
import type { SalesTable } from "../dataset/sales_table.ts";
import { type FeatureColumns, FEATURES } from "../features/table.ts";
import { forecastSlicings, sliceMetrics, type Slicing, validationSlicings } from "./slices.ts";

/** Rows of department, sales, holiday flag, code of the store type and week. */
function table(rows: [number, number, number, number, number?][]): SalesTable {
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]!);
  const features = Object.fromEntries(
    FEATURES.map(({ name }) => [name, new Float64Array(rows.length)]),
  ) as FeatureColumns;
  return {
    length: rows.length,
    day: Int32Array.from(rows, (row) => 7 * (row[4] ?? 0)),
    sales: column(1),
    features: { ...features, Dept: column(0), IsHoliday: column(2), Type: column(3) },
  };
}

const TRAIN = table([
  [1, 10, 0, 0],
  [1, 30, 0, 0],
  // More rows than department 1, but smaller ones: it is the mean that counts.
  [2, 15, 0, 0],
  [2, 15, 0, 0],
  [2, 15, 0, 0],
  [3, 900, 0, 0],
  [4, 80, 0, 0],
]);

const partsOf = ({ parts, partOfRow }: Slicing) => Array.from(partOfRow, (part) => parts[part]);

Deno.test("forecastSlicings() goes by holiday, store type and weeks ahead", () => {
  const slicings = forecastSlicings({
    isHoliday: [0, 1, 0, 0, 0, 1, 0],
    type: [0, 1, 2, 0, 1, 2, 0],
    horizon: [1, 4, 5, 13, 14, 26, 27],
  });
  assert.deepEqual(Object.keys(slicings), ["holiday", "store_type", "horizon"]);
  assert.deepEqual(partsOf(slicings["horizon"]!), [
    "1-4",
    "1-4",
    "5-13",
    "5-13",
    "14-26",
    "14-26",
    "27+",
  ]);
  assert.deepEqual(slicings["horizon"]!.parts, ["1-4", "5-13", "14-26", "27+"]);
  assert.deepEqual(partsOf(slicings["store_type"]!).join(""), "ABCABCA");
  assert.deepEqual(partsOf(slicings["holiday"]!).indexOf("holiday"), 1);
  assert.deepEqual(partsOf(slicings["holiday"]!).lastIndexOf("holiday"), 5);
});

Deno.test("validationSlicings() ranks departments by mean training sales, new ones apart", () => {
  const validation = table([[1, 1e9, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0], [4, 0, 0, 0], [
    5,
    0,
    0,
    0,
  ]]);
  const slicings = validationSlicings(TRAIN, validation);
  assert.deepEqual(partsOf(slicings["department_size"]!), ["q2", "q1", "q4", "q3", "new"]);
});

Deno.test("validationSlicings() counts weeks from the last training week, and not where rows mix", () => {
  const train = table([[1, 10, 0, 0, 9], [1, 10, 0, 0, 10], [2, 10, 0, 0, 7]]);
  const later = table([[1, 10, 0, 0, 11], [1, 10, 0, 0, 15], [2, 10, 0, 0, 49]]);
  const { horizon, ...others } = validationSlicings(train, later);
  assert.deepEqual(partsOf(horizon!), ["1-4", "5-13", "27+"]);
  assert.deepEqual(Object.keys(others), ["holiday", "store_type", "department_size"]);
  const among = table([[1, 10, 0, 0, 11], [1, 10, 0, 0, 10]]);
  assert.deepEqual(Object.keys(validationSlicings(train, among)), Object.keys(others));
});

Deno.test("sliceMetrics() measures each part by itself, leaves empty ones out, and loses no row", () => {
  const validation = table([
    [1, 100, 1, 0, 1],
    [2, 200, 0, 1, 2],
    [3, 300, 0, 1, 5],
    [4, 400, 0, 0, 26],
    [9, 500, 1, 0, 13],
  ]);
  const predicted = Float64Array.of(101, 202, 303, 404, 505);
  const slices = sliceMetrics(
    validationSlicings(TRAIN, validation),
    validation.sales,
    predicted,
    validation.features.IsHoliday,
  );
  assert.deepEqual(Object.keys(slices), ["holiday", "store_type", "horizon", "department_size"]);
  assert.equal(slices["holiday"]!["holiday"]!.mae, 3);
  assert.equal(slices["holiday"]!["other"]!.mae, 3);
  assert.equal(slices["holiday"]!["other"]!.n, 3);
  assert.deepEqual(Object.keys(slices["store_type"]!), ["A", "B"]);
  assert.equal(slices["store_type"]!["B"]!.bias, 2.5);
  // Store type A: errors 1, 4, 5 with weights 5, 1, 5.
  assert.equal(slices["store_type"]!["A"]!.wmae, (5 * 1 + 4 + 5 * 5) / 11);
  assert.deepEqual(Object.keys(slices["horizon"]!), ["1-4", "5-13", "14-26"]);
  assert.equal(slices["horizon"]!["5-13"]!.mae, 4);
  assert.equal(slices["department_size"]!["new"]!.mae, 5);
  for (const parts of Object.values(slices)) {
    assert.equal(Object.values(parts).reduce((sum, { n }) => sum + n, 0), 5);
  }
});

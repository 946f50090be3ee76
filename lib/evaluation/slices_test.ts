import assert from "node:assert/strict";
import type { SalesTable } from "../dataset/sales_table.ts";
import { type FeatureColumns, FEATURES } from "../features/table.ts";
import { sliceMetrics, validationSlicings } from "./slices.ts";

/** Rows of department, sales, holiday flag and code of the store type. */
function table(rows: [number, number, number, number][]): SalesTable {
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]!);
  const features = Object.fromEntries(
    FEATURES.map(({ name }) => [name, new Float64Array(rows.length)]),
  ) as FeatureColumns;
  return {
    length: rows.length,
    day: new Int32Array(rows.length),
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

Deno.test("validationSlicings() ranks departments by mean training sales, new ones apart", () => {
  const validation = table([[1, 1e9, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0], [4, 0, 0, 0], [
    5,
    0,
    0,
    0,
  ]]);
  const { parts, partOfRow } = validationSlicings(TRAIN, validation)["department_size"]!;
  assert.deepEqual(Array.from(partOfRow, (part) => parts[part]), ["q2", "q1", "q4", "q3", "new"]);
});

Deno.test("sliceMetrics() measures each part by itself, leaves empty ones out, and loses no row", () => {
  const validation = table([
    [1, 100, 1, 0],
    [2, 200, 0, 1],
    [3, 300, 0, 1],
    [4, 400, 0, 0],
    [9, 500, 1, 0],
  ]);
  const predicted = Float64Array.of(101, 202, 303, 404, 505);
  const slices = sliceMetrics(
    validationSlicings(TRAIN, validation),
    validation.sales,
    predicted,
    validation.features.IsHoliday,
  );
  assert.deepEqual(Object.keys(slices), ["holiday", "store_type", "department_size"]);
  assert.equal(slices["holiday"]!["holiday"]!.mae, 3);
  assert.equal(slices["holiday"]!["other"]!.mae, 3);
  assert.equal(slices["holiday"]!["other"]!.n, 3);
  assert.deepEqual(Object.keys(slices["store_type"]!), ["A", "B"]);
  assert.equal(slices["store_type"]!["B"]!.bias, 2.5);
  // Store type A: errors 1, 4, 5 with weights 5, 1, 5.
  assert.equal(slices["store_type"]!["A"]!.wmae, (5 * 1 + 4 + 5 * 5) / 11);
  assert.equal(slices["department_size"]!["new"]!.mae, 5);
  for (const parts of Object.values(slices)) {
    assert.equal(Object.values(parts).reduce((sum, { n }) => sum + n, 0), 5);
  }
});

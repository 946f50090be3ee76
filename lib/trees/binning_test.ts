import assert from "node:assert/strict";
import fc from "fast-check";
import { binColumn, binOf, type ColumnKind, missingBin } from "./binning.ts";

const findBins = (kind: ColumnKind, values: Float64Array, maxBins?: number) =>
  binColumn(kind, values, maxBins).feature;

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.constant(NaN),
);
const column = fc.array(value, { maxLength: 300 }).map((values) => Float64Array.from(values));

Deno.test("findBins() gives each of few distinct values a bin of its own", () => {
  const bins = findBins("number", Float64Array.of(3, 1, NaN, 2, 1), 255);
  assert.deepEqual(bins, { kind: "number", edges: Float64Array.of(1.5, 2.5) });
  assert.deepEqual([1, 2, 3, NaN].map((value) => binOf(bins, value)), [0, 1, 2, 3]);
});

Deno.test("findBins() shares many distinct values out in bins of like size", () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => i);
  const bins = findBins("number", values, 10);
  const counts = new Array(10).fill(0);
  for (const value of values) counts[binOf(bins, value)]++;
  assert.deepEqual(counts, new Array(10).fill(1000));
});

Deno.test("findBins() gives a value that fills half of the rows one bin and the others the rest", () => {
  const values = Float64Array.from({ length: 2000 }, (_, i) => i < 1000 ? 0 : i);
  const bins = findBins("number", values, 11);
  assert.equal(missingBin(bins), 11);
  assert.equal(binOf(bins, 0), 0);
  assert.equal(binOf(bins, 1000), 1);
});

Deno.test("findBins() never makes more than the bins asked for, and all in order", () => {
  fc.assert(fc.property(column, fc.integer({ min: 2, max: 255 }), (values, maxBins) => {
    const bins = findBins("number", values, maxBins);
    assert.ok(missingBin(bins) <= maxBins);
    const sorted = values.filter((value) => !Number.isNaN(value)).sort();
    for (let i = 1; i < sorted.length; i++) {
      assert.ok(binOf(bins, sorted[i - 1]!) <= binOf(bins, sorted[i]!));
    }
  }));
});

Deno.test("findBins() keeps the most frequent categories; others share the missing bin", () => {
  const bins = findBins("category", Float64Array.of(7, 7, 3, 9, 9, 9), 2);
  assert.deepEqual(bins, { kind: "category", categories: Float64Array.of(7, 9) });
  assert.deepEqual([7, 9, 3, 1000, NaN].map((value) => binOf(bins, value)), [0, 1, 2, 2, 2]);
});

Deno.test("binColumn() gives each row what binOf() gives, also where values are very many", () => {
  const check = (kind: ColumnKind, values: Float64Array, maxBins: number) => {
    const { feature, bins } = binColumn(kind, values, maxBins);
    assert.deepEqual(Array.from(bins), Array.from(values, (value) => binOf(feature, value)));
    return feature;
  };
  fc.assert(fc.property(column, fc.integer({ min: 2, max: 20 }), (values, maxBins) => {
    check("number", values, maxBins);
    check("category", values, maxBins);
  }));
  const many = Float64Array.from({ length: 70_000 }, (_, i) => i % 7 === 0 ? NaN : i * 0.1);
  const feature = check("number", many, 255);
  assert.equal(missingBin(feature), 255);
  check("category", many, 255);
});

Deno.test("binColumn() takes -0 for 0", () => {
  const { feature } = binColumn("category", Float64Array.of(0, -0, 5));
  assert.deepEqual(feature, { kind: "category", categories: Float64Array.of(0, 5) });
  assert.equal(binOf(feature, -0), 0);
});

Deno.test("binOf() finds the first edge that is not less, of any number of edges", () => {
  for (let count = 0; count <= 255; count++) {
    const edges = Float64Array.from({ length: count }, (_, i) => i + 0.5);
    const feature = { kind: "number" as const, edges };
    for (let value = -1; value <= count; value += 0.5) {
      const expected = edges.findIndex((edge) => value <= edge);
      assert.equal(binOf(feature, value), expected < 0 ? count : expected, `${value} of ${count}`);
    }
  }
});

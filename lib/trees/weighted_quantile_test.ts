import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom } from "./random.ts";
import { weightedQuantile } from "./weighted_quantile.ts";

/**
 * As the definition says: sorted, with weights added up from the smallest value on; the level is
 * `part / of`. Of whole numbers all sums and products are exact.
 */
function bySorting(values: number[], weights: number[], part: number, of: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const target = part * weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const [place, i] of order.entries()) {
    sum += of * weights[i]!;
    const next = order.slice(place + 1).find((j) => values[j]! > values[i]!);
    const last = values[order[place + 1] ?? i] !== values[i] || place + 1 === order.length;
    if (sum === target && last && next !== undefined) return (values[i]! + values[next]!) / 2;
    if (sum > target || sum === target) return values[i]!;
  }
  return values[order.at(-1)!]!;
}

Deno.test("weightedQuantile() gives what sorting gives, with ties and weights", () => {
  const row = fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(fc.property(
    fc.array(row, { minLength: 1, maxLength: 300 }),
    fc.integer({ min: 1, max: 15 }),
    (rows, sixteenths) => {
      const values = rows.map(([value]) => value), weights = rows.map(([, weight]) => weight);
      const level = sixteenths / 16;
      assert.equal(
        weightedQuantile(
          { values: Float64Array.from(values), weights: Float64Array.from(weights) },
          level,
        ),
        bySorting(values, weights, sixteenths, 16),
      );
      assert.equal(
        weightedQuantile({ values: Float64Array.from(values), weights: undefined }, level),
        bySorting(values, values.map(() => 1), sixteenths, 16),
      );
    },
  ));
});

Deno.test("weightedQuantile() leaves its input as it was", () => {
  const values = Float64Array.of(3, 1, 2), weights = Float64Array.of(1, 2, 3);
  assert.equal(weightedQuantile({ values, weights }, 0.5), 2);
  assert.deepEqual([[...values], [...weights]], [[3, 1, 2], [1, 2, 3]]);
});

Deno.test("weightedQuantile() ends where the weights' sum is rounded", () => {
  const weights = new Float64Array(7).fill(0.1);
  const values = Float64Array.from(weights, (_, i) => i);
  assert.equal(weightedQuantile({ values, weights }, 0.999999999999), 6);
});

Deno.test("weightedQuantile() takes weights and levels in tenths as exactly as whole numbers", () => {
  const row = fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0 }),
      (rows, tenths, seed) => {
        const shuffled = Array.from(
          createRandom(seed).shuffle(rows.length, rows.length),
          (i) => rows[i]!,
        );
        const expected = bySorting(
          rows.map(([value]) => value),
          rows.map(([, weight]) => weight),
          tenths,
          10,
        );
        for (const order of [rows, shuffled]) {
          const values = Float64Array.from(order, ([value]) => value);
          const weights = Float64Array.from(order, ([, weight]) => weight / 10);
          assert.equal(weightedQuantile({ values, weights }, tenths / 10), expected);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("weightedQuantile() gives for equal weights of many rows what it gives for none", () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i * 7919 % 1_000_000);
  for (const weight of [0.1, 0.7, 1 / 3]) {
    const weights = new Float64Array(values.length).fill(weight);
    assert.equal(weightedQuantile({ values, weights }, 0.5), 499_999.5);
    assert.equal(weightedQuantile({ values, weights }, 0.07), 69_999.5);
  }
  assert.equal(weightedQuantile({ values, weights: undefined }, 0.07), 69_999.5);
});

Deno.test("weightedQuantile() takes 200,000 rows in a pattern without a detour", () => {
  const n = 200_000;
  const patterns: ((i: number) => number)[] = [
    (i) => i,
    (i) => -i,
    (i) => Math.abs(i - n / 2),
    (i) => -Math.abs(i - n / 2),
    (i) => Math.sin(i / n * 2 * Math.PI),
    (i) => Math.sin(i / 8),
    (i) => i + 1000 * Math.sin(i / 52),
    (i) => i % 1000,
    () => 5,
  ];
  const start = performance.now();
  for (const pattern of patterns) {
    const values = Float64Array.from({ length: n }, (_, i) => pattern(i));
    const sorted = values.toSorted();
    const weights = new Float64Array(n).fill(1);
    for (const rows of [{ values, weights: undefined }, { values, weights }]) {
      assert.equal(weightedQuantile(rows, 0.5), (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2);
      assert.equal(weightedQuantile(rows, 0.9990025), sorted[199_800]!);
    }
  }
  // Half a second; with pivots from fixed places, whose number of steps is squared, a minute.
  assert.ok(performance.now() - start < 15_000);
});

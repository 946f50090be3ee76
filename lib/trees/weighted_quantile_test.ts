import assert from "node:assert/strict";
import fc from "fast-check";
import { weightedQuantile } from "./weighted_quantile.ts";

/** As the definition says: sorted, with weights added up from the smallest value on. */
function bySorting(values: number[], weights: number[], level: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const target = level * weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const [place, i] of order.entries()) {
    sum += weights[i]!;
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
        bySorting(values, weights, level),
      );
      assert.equal(
        weightedQuantile({ values: Float64Array.from(values), weights: undefined }, level),
        bySorting(values, values.map(() => 1), level),
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

import assert from "node:assert/strict";
import fc from "fast-check";
import { growthExponent, median, ratio, spread } from "./statistics.ts";

Deno.test("median() is the middle, or the mean of the two middle ones", () => {
  assert.equal(median([10, 9, 100]), 10);
  assert.equal(median([4, 1, 3, 100]), 3.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});

Deno.test("spread() keeps the order least, median, greatest, and leaves its input alone", () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 });
  const number = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
  fc.assert(fc.property(fc.array(number, { minLength: 1 }), (values) => {
    const before = [...values];
    const { median, min, max } = spread(values);
    assert.ok(min <= median && median <= max);
    assert.deepEqual(values, before);
  }));
});

Deno.test("ratio() compares neighbours, not medians", () => {
  // The machine was three times slower in the second run: both were.
  assert.deepEqual(ratio([1, 3, 1], [2, 6, 2]), { median: 0.5, min: 0.5, max: 0.5 });
  assert.deepEqual(ratio([1, 4, 9], [1, 2, 3]), { median: 2, min: 1, max: 3 });
  assert.throws(() => ratio([1], [1, 2]), /Expected 1 runs, but found 2/);
});

Deno.test("growthExponent() finds the power of a power law", () => {
  const law = (exponent: number) => [1000, 2000, 8000].map((x) => [x, 5 * x ** exponent] as const);
  for (const exponent of [0, 1, 1.2, 2]) {
    assert.ok(Math.abs(growthExponent(law(exponent)) - exponent) < 1e-12);
  }
  assert.throws(() => growthExponent([[2, 1], [2, 3]]), RangeError);
});

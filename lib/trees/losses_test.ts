import assert from "node:assert/strict";
import fc from "fast-check";
import { createLoss } from "./losses.ts";
import type { WeightedValues } from "./weighted_quantile.ts";

/** Whole numbers and eighths, with which all sums below are exact. */
const value = fc.integer({ min: -12, max: 12 });
const level = fc.integer({ min: 1, max: 7 }).map((eighths) => eighths / 8);
const rows = fc.array(fc.record({ value, weight: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 1,
  maxLength: 20,
});
const residuals: fc.Arbitrary<WeightedValues> = fc.tuple(rows, fc.boolean()).map(
  ([rows, isWeighted]) => ({
    values: Float64Array.from(rows, ({ value }) => value),
    weights: isWeighted ? Float64Array.from(rows, ({ weight }) => weight) : undefined,
  }),
);

/** Weighted sum of a loss over the rows, for one forecast. */
function total(
  { values, weights }: WeightedValues,
  loss: (residual: number) => number,
  point: number,
) {
  return values.reduce((sum, value, i) => sum + (weights?.[i] ?? 1) * loss(value - point), 0);
}

/** The middle of all points where the rows lose least, if the loss is made of straight lines. */
function middleOfBest(rows: WeightedValues, loss: (residual: number) => number): number {
  // The lines meet at the values, so the best points lie between two of these.
  const losses = Array.from(rows.values, (value) => total(rows, loss, value));
  const best = rows.values.filter((_, i) => losses[i] === Math.min(...losses));
  return (Math.min(...best) + Math.max(...best)) / 2;
}

const meanOf = ({ values, weights }: WeightedValues) =>
  values.reduce((sum, value, i) => sum + (weights?.[i] ?? 1) * value, 0) /
  (weights ?? values.map(() => 1)).reduce((a, b) => a + b, 0);

Deno.test("createLoss() of absolute error fits constants and leaves with least error", () => {
  const { constant, leaf } = createLoss("absolute_error", 0.9);
  fc.assert(fc.property(residuals, (rows) => {
    const expected = middleOfBest(rows, Math.abs);
    assert.equal(constant(rows), expected);
    assert.equal(leaf(rows), expected);
  }));
});

Deno.test("createLoss() of a quantile fits constants and leaves with least pinball loss", () => {
  fc.assert(fc.property(residuals, level, (rows, level) => {
    const { constant, leaf } = createLoss("quantile", level);
    const pinball = (residual: number) => Math.max(level * residual, (level - 1) * residual);
    const expected = middleOfBest(rows, pinball);
    assert.equal(constant(rows), expected);
    assert.equal(leaf(rows), expected);
  }));
});

Deno.test("createLoss() of Huber takes the median as constant", () => {
  const { constant } = createLoss("huber", 0.9);
  fc.assert(fc.property(residuals, (rows) => {
    assert.equal(constant(rows), middleOfBest(rows, Math.abs));
  }));
});

Deno.test("createLoss() of Huber moves a leaf from the median by the mean of what is not clipped", () => {
  const huber = createLoss("huber", 0.5);
  huber.begin({ values: Float64Array.of(-2, 1, 50), weights: undefined });
  const values = Float64Array.of(0, 1, 10);
  assert.equal(huber.leaf({ values, weights: undefined }), 1 + (-1 + 0 + 2) / 3);
  assert.equal(huber.leaf({ values, weights: Float64Array.of(1, 4, 1) }), 1 + (-1 + 0 + 2) / 6);
});

Deno.test("createLoss() of Huber fits leaves no worse than the median, near residuals best of all", () => {
  fc.assert(fc.property(residuals, level, (rows, alpha) => {
    const huber = createLoss("huber", alpha);
    huber.begin(rows);
    const [atLeaf, atMedian] = [huber.leaf(rows), huber.constant(rows)]
      .map((point) => total(rows, huber.loss, point));
    assert.ok(atLeaf! <= atMedian! + 1e-9, `loss ${atLeaf}, at the median ${atMedian}`);
    // Where none is clipped, the best is the mean.
    const wide = createLoss("huber", alpha);
    wide.begin({ values: Float64Array.of(-100), weights: undefined });
    assert.ok(Math.abs(wide.leaf(rows) - meanOf(rows)) < 1e-9);
  }));
});

Deno.test("createLoss() gives gradients that are the slope of the loss", () => {
  const step = 1e-4;
  fc.assert(fc.property(residuals, level, value, (rows, alpha, whole) => {
    // Off the corners, which are at whole numbers.
    const residual = whole + 0.25;
    for (const name of ["absolute_error", "quantile", "huber"] as const) {
      const { begin, gradient, loss } = createLoss(name, alpha);
      begin(rows);
      const slope = (loss(residual + step) - loss(residual - step)) / (2 * step);
      assert.ok(Math.abs(gradient(residual) - slope) < 1e-6, `${name}: ${slope}`);
    }
  }));
});

Deno.test("createLoss() of Huber clips by each round's residuals, and compares by the first's", () => {
  const { begin, gradient, loss } = createLoss("huber", 0.5);
  begin({ values: Float64Array.of(-4, 4, 9), weights: undefined });
  assert.deepEqual([gradient(-5), loss(-5)], [-4, 4 * (5 - 2)]);
  begin({ values: Float64Array.of(1, -9, 9), weights: Float64Array.of(5, 1, 1) });
  assert.deepEqual([gradient(-5), loss(-5)], [-1, 4 * (5 - 2)]);
});

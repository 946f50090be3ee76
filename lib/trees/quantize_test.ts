import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseQuantization, isTooCoarse, pack, quantizeWeights } from "./quantize.ts";
import { spreadOf } from "./spread.ts";

const targets = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
}).map((values) => Float64Array.from(values));

Deno.test("pack() counts rows and sums targets in one number, within half a step a row", () => {
  fc.assert(fc.property(targets, (values) => {
    const quantization = chooseQuantization(spreadOf(values), values.length);
    const { scale, offset, unit } = quantization;
    const packed = new Float64Array(values.length);
    pack(quantization, values, packed);
    const sum = packed.reduce((a, b) => a + b, 0);
    const whole = Math.floor(sum / unit);
    assert.ok(Number.isSafeInteger(sum));
    assert.equal(sum - whole * unit, values.length);
    if (scale === 0) return;
    const expected = values.reduce((a, b) => a + b, 0);
    const difference = (whole - offset * values.length) / scale - expected;
    assert.ok(Math.abs(difference) <= 0.51 / scale * values.length, `${difference}`);
  }));
});

Deno.test("pack() gives the same sum in any order", () => {
  fc.assert(fc.property(targets, (values) => {
    const packed = new Float64Array(values.length);
    pack(chooseQuantization(spreadOf(values), values.length), values, packed);
    const add = (a: number, b: number) => a + b;
    assert.equal(packed.reduce(add, 0), packed.toSorted().reduce(add, 0));
    assert.equal(packed.reduce(add, 0), packed.toReversed().reduce(add, 0));
  }));
});

Deno.test("chooseQuantization() gives 51,000 steps and more to 335,000 rows, apart 10^10", () => {
  const range = { low: -0.25, high: 0.75 };
  assert.equal(Math.floor(chooseQuantization(range, 335_000).scale), 51_281);
  assert.ok(chooseQuantization(range, 335_000, true).scale > 2.6e10);
  assert.equal(chooseQuantization(range, 50).scale, 2 ** 40);
});

Deno.test("chooseQuantization() counts targets as equal whose range is next to nothing", () => {
  assert.equal(chooseQuantization({ low: 0, high: 0 }, 10).scale, 0);
  assert.equal(chooseQuantization({ low: 0, high: 2 ** -950 }, 10).scale, 0);
});

Deno.test("isTooCoarse() where one target is far out, or rows are many millions", () => {
  const usual = { typical: 1, low: -3, high: 30 };
  assert.equal(isTooCoarse(usual, 335_000), false);
  assert.equal(isTooCoarse(usual, 2_000_000), false);
  assert.equal(isTooCoarse(usual, 20_000_000), true);
  assert.equal(isTooCoarse({ ...usual, high: 1e6 }, 335_000), true);
  assert.equal(isTooCoarse({ ...usual, high: 1e6 }, 1000), false);
  assert.equal(isTooCoarse({ typical: 0, low: 0, high: 0 }, 335_000), false);
});

Deno.test("quantizeWeights() keeps ratios of powers of two, and no weight at 0", () => {
  const { weights, scale } = quantizeWeights(Float64Array.of(1, 0.25, 1e-300), 1000);
  assert.equal(weights[0], scale);
  assert.equal(weights[1], scale / 4);
  assert.equal(weights[2], 1);
});

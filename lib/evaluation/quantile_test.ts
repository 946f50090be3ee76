import assert from "node:assert/strict";
import fc from "fast-check";
import { quantile } from "./quantile.ts";

// Made with NumPy: numpy.quantile([-3, 0.5, 2, 10], [0, 0.1, 0.5, 0.9, 1]).
Deno.test("quantile() gives the values of NumPy", () => {
  const sorted = Float64Array.of(-3, 0.5, 2, 10);
  const expected = [-3, -1.95, 1.25, 7.6, 10];
  [0, 0.1, 0.5, 0.9, 1].forEach((share, index) => {
    assert.ok(Math.abs(quantile(sorted, share) - expected[index]!) < 1e-12, String(share));
  });
});

Deno.test("quantile() is monotonic in the share", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(values, share, share, (values, a, b) => {
    const sorted = Float64Array.from(values).sort();
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    assert.ok(quantile(sorted, low) <= quantile(sorted, high) + 1e-9);
  }));
});

Deno.test("quantile() refuses an empty array", () => {
  assert.throws(() => quantile(new Float64Array(), 0.5), RangeError);
});

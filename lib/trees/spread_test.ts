import assert from "node:assert/strict";
import fc from "fast-check";
import { spreadOf } from "./spread.ts";

Deno.test("spreadOf() is the root mean square and the range of a few numbers", () => {
  assert.deepEqual(spreadOf(Float64Array.of(3, -4, 0)), {
    typical: Math.sqrt(25 / 3),
    low: -4,
    high: 3,
  });
});

Deno.test("spreadOf() is not moved by one number in a hundred, however far out", () => {
  fc.assert(fc.property(fc.double({ min: 1e3, max: 1e30, noNaN: true }), (far) => {
    const values = Float64Array.from({ length: 200 }, (_, i) => i === 77 ? far : i % 2 ? 1 : -1);
    assert.deepEqual(spreadOf(values), { typical: 1, low: -1, high: far });
  }));
});

Deno.test("spreadOf() is that of all numbers where nearly all are 0", () => {
  const values = new Float64Array(1000);
  values[500] = 10;
  assert.equal(spreadOf(values).typical, Math.sqrt(100 / 1000));
});

Deno.test("spreadOf() of many numbers is found by a sample of them", () => {
  const values = Float64Array.from({ length: 300_000 }, (_, i) => i % 50 === 0 ? 5 : i % 3 - 1);
  assert.ok(Math.abs(spreadOf(values).typical - Math.sqrt(2 / 3 + 25 / 50)) < 0.02);
});

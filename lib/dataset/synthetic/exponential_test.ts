import assert from "node:assert/strict";
import fc from "fast-check";
import { exponential } from "./exponential.ts";

Deno.test("exponential() equals the engine's to nine digits from -8 to 8", () => {
  fc.assert(fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
    assert(Math.abs(exponential(x) / Math.exp(x) - 1) < 1e-9, `${x}`);
  }));
});

Deno.test("exponential() of 0 is exactly 1", () => {
  assert.equal(exponential(0), 1);
});

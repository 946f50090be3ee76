import assert from "node:assert/strict";
import fc from "fast-check";
import { growthOf, SEASON, SEASON_DAYS } from "./seasons.ts";

Deno.test("SEASON is a year that keeps the weekday", () => {
  assert.deepEqual([SEASON, SEASON_DAYS], [52, 364]);
});

Deno.test("growthOf() is the later sum over the earlier", () => {
  assert.deepEqual([growthOf(110, 100), growthOf(60, 80), growthOf(7, 7)], [1.1, 0.75, 1]);
});

Deno.test("growthOf() stops at twice and at half", () => {
  assert.deepEqual([growthOf(199, 100), growthOf(200, 100), growthOf(201, 100)], [1.99, 2, 2]);
  assert.deepEqual([growthOf(51, 100), growthOf(50, 100), growthOf(49, 100)], [0.51, 0.5, 0.5]);
  assert.deepEqual([growthOf(900, 100), growthOf(1, 100)], [2, 0.5]);
});

Deno.test("growthOf() is 1 where a sum is not above 0, or not known", () => {
  for (const [last, before] of [[-5, 100], [100, -5], [-5, -5], [0, 100], [100, 0], [0, 0]]) {
    assert.equal(growthOf(last!, before!), 1, `${last}, ${before}`);
  }
  assert.deepEqual([growthOf(NaN, 100), growthOf(100, NaN)], [1, 1]);
});

Deno.test("growthOf() there and back is 1", () => {
  const sum = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(fc.property(sum, sum, (a, b) => {
    assert.ok(Math.abs(growthOf(a, b) * growthOf(b, a) - 1) < 1e-12);
  }));
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom } from "./random.ts";

const draws = (seed: number, stream: number, bound = 2 ** 32, count = 4) => {
  const random = createRandom(seed, stream);
  return Array.from({ length: count }, () => random.integer(bound));
};

Deno.test("createRandom() draws the same numbers for ever", () => {
  assert.deepEqual(draws(42, 0), [2572803368, 4294241012, 1479513318, 301747875]);
  assert.deepEqual(draws(42, 1), [525487787, 2402233305, 1799754091, 2603421186]);
  assert.deepEqual(draws(0, 0), [601665209, 3171081172, 686087333, 3885744512]);
});

Deno.test("createRandom() gives near seeds and streams nothing in common", () => {
  const seen = new Set<number>();
  for (const seed of [0, 1, 2, 42, 2 ** 32 - 1]) {
    for (let stream = 0; stream < 50; stream++) for (const x of draws(seed, stream)) seen.add(x);
  }
  // 1,000 draws out of 2^32: two equal ones are a chance of one in nine thousand.
  assert.equal(seen.size, 1000);
});

Deno.test("integer() draws every number below the bound about as often, and no other", () => {
  const counts = new Array(5).fill(0);
  for (const x of draws(7, 0, 5, 10_000)) counts[x]++;
  assert.equal(counts.length, 5);
  for (const count of counts) assert.ok(count > 1800 && count < 2200, `${counts}`);
});

Deno.test("shuffle() draws different numbers, and keeps the others behind them", () => {
  fc.assert(fc.property(fc.nat(50), fc.nat(50), fc.nat(), (length, size, seed) => {
    fc.pre(size <= length);
    const numbers = createRandom(seed).shuffle(length, size);
    assert.deepEqual(numbers.slice().sort(), Uint32Array.from({ length }, (_, i) => i));
  }));
  const firsts = Array.from({ length: 60 }, (_, seed) => createRandom(seed).shuffle(3, 1)[0]);
  assert.deepEqual(new Set(firsts), new Set([0, 1, 2]));
});

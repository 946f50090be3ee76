import assert from "node:assert/strict";
import { RandomStream } from "./random.ts";

Deno.test("RandomStream gives the same numbers for the same name, on every machine", () => {
  const random = new RandomStream("1/test");
  const draws = Array.from({ length: 4 }, () => random.uniform() * 2 ** 32);
  assert.deepEqual(draws, [1157018842, 4209933780, 1083849044, 4286283055]);
});

Deno.test("RandomStream gives other numbers for another name", () => {
  const first = new RandomStream("1/test").uniform();
  assert.notEqual(first, new RandomStream("2/test").uniform());
  assert.notEqual(first, new RandomStream("1/tesu").uniform());
});

Deno.test("RandomStream.uniform() fills its range evenly", () => {
  const random = new RandomStream("even");
  const bins = new Array(10).fill(0);
  for (let draw = 0; draw < 100_000; draw++) {
    const value = random.uniform(5, 15);
    assert(value >= 5 && value < 15);
    bins[Math.floor(value - 5)]++;
  }
  for (const count of bins) assert(Math.abs(count - 10_000) < 500, `${bins}`);
});

Deno.test("RandomStream.normal() has mean 0, deviation 1 and the tails of a normal", () => {
  const random = new RandomStream("normal");
  const draws = Array.from({ length: 100_000 }, () => random.normal());
  const { mean, deviation } = moments(draws);
  assert(Math.abs(mean) < 0.02, `${mean}`);
  assert(Math.abs(deviation - 1) < 0.02, `${deviation}`);
  const outside = draws.filter((value) => Math.abs(value) > 2).length / draws.length;
  assert(Math.abs(outside - 0.0455) < 0.005, `${outside}`);
});

Deno.test("RandomStream.heavyNormal() has more far values than normal()", () => {
  const random = new RandomStream("heavy");
  const draws = Array.from({ length: 100_000 }, () => random.heavyNormal());
  const far = draws.filter((value) => Math.abs(value) > 4).length;
  // Of a normal it would be about 6, of this mixture 4 % of 18 % of 100,000.
  assert(far > 500 && far < 1_000, `${far}`);
});

Deno.test("RandomStream.chance() comes true as often as it says", () => {
  const random = new RandomStream("chance");
  let hits = 0;
  for (let draw = 0; draw < 100_000; draw++) if (random.chance(0.03)) hits++;
  assert(Math.abs(hits - 3_000) < 250, `${hits}`);
});

function moments(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

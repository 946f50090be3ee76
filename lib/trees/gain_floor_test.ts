import assert from "node:assert/strict";
import fc from "fast-check";
import { GainFloor } from "./gain_floor.ts";

Deno.test("GainFloor is the lowest of the best gains, and 0 while there is room", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 50 })),
    fc.integer({ min: 1, max: 12 }),
    (gains, count) => {
      const floor = new GainFloor(count);
      for (const [i, gain] of gains.entries()) {
        floor.add(gain);
        const best = gains.slice(0, i + 1).sort((a, b) => b - a);
        assert.equal(floor.lowest, best[count - 1] ?? 0);
      }
    },
  ));
});

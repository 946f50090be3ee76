import assert from "node:assert/strict";
import fc from "fast-check";
import { predictEnsemble } from "./predict.ts";
import { createRandom } from "./random.ts";
import { predictPlainly } from "./testing/plain_predictor.ts";
import { randomColumns, randomEnsemble } from "./testing/random_ensemble.ts";
import { stagedPredict } from "./staged.ts";

const shape = fc.record({
  seed: fc.nat(),
  used: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 6 }),
  trees: fc.integer({ min: 1, max: 9 }),
  // Trees of up to 32 leaves are not walked by predictEnsemble().
  depth: fc.nat(8),
  // Around one, two and four times four, and around a block.
  rows: fc.oneof(fc.nat(18), fc.integer({ min: 254, max: 259 })),
});

Deno.test("the walker's sums are those of plain trees, for any number of trees and rows", () => {
  fc.assert(
    fc.property(shape, ({ seed, rows, ...of }) => {
      const random = createRandom(seed);
      const ensemble = randomEnsemble(random, { ...of, cover: 3 });
      const columns = randomColumns(random, ensemble, rows);
      const plain = Float64Array.from(
        { length: rows },
        (_, row) => predictPlainly(ensemble, columns.map((column) => column[row]!)),
      );
      // The first row of all goes down in another way.
      for (let time = 0; time < 2; time++) {
        assert.deepEqual(predictEnsemble(ensemble, columns), plain);
      }
      let last = new Float64Array(rows);
      for (const sums of stagedPredict(ensemble, columns)) last = sums.slice();
      assert.deepEqual(last, plain);
    }),
  );
});

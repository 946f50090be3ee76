import assert from "node:assert/strict";
import fc from "fast-check";
import type { FeatureBins } from "./binning.ts";
import { type Ensemble, joinTrees, LEAF, MISSING_LEFT, type Nodes } from "./ensemble.ts";
import { leafMasksOf } from "./leaf_masks.ts";
import { createRandom } from "./random.ts";
import { predictPlainly } from "./testing/plain_predictor.ts";
import { randomColumns, randomEnsemble } from "./testing/random_ensemble.ts";

const shape = fc.record({
  seed: fc.nat(),
  used: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 4 }),
  trees: fc.integer({ min: 1, max: 9 }),
  depth: fc.integer({ min: 1, max: 5 }),
});

Deno.test("the masks' sums are those of plain trees, for any features and numbers of trees", () => {
  fc.assert(
    fc.property(shape, ({ seed, ...of }) => {
      const random = createRandom(seed);
      const ensemble = { ...randomEnsemble(random, { ...of, cover: 3 }), base: 0 };
      const columns = randomColumns(random, ensemble, 20);
      const masks = leafMasksOf(ensemble);
      fc.pre(masks !== null);
      assert.equal(leafMasksOf(ensemble), masks);
      const divisor = ensemble.combine === "mean" ? of.trees : 1;
      for (let row = 0; row < 20; row++) {
        const plain = predictPlainly(ensemble, columns.map((column) => column[row]!));
        assert.equal(masks.sumTrees(columns, row) / divisor, plain);
      }
    }),
  );
});

/** Trees that split off eight numbers after the others: leaf `i` holds `i`, the last all above. */
function chain(leaves: number, trees = 1): Ensemble {
  const splits = leaves - 1;
  const features: FeatureBins[] = [{
    kind: "number",
    edges: Float64Array.from({ length: 254 }, (_, i) => i),
  }];
  const isLeaf = (node: number) => node % 2 === 1 || node === 2 * splits;
  const nodes = Array.from({ length: 2 * splits + 1 }, (_, node) => node);
  const tree: Nodes = {
    feature: Uint8Array.from(nodes, (node) => isLeaf(node) ? LEAF : 0),
    // A split, its leaf, and to the right all others; missing values go left at the third.
    split: Uint32Array.from(
      nodes,
      (node) => isLeaf(node) ? 0 : 8 * (node / 2) + (node === 4 ? MISSING_LEFT : 0),
    ),
    right: Uint32Array.from(nodes, (node) => isLeaf(node) ? 0 : node + 2),
    value: Float32Array.from(nodes, (node) => isLeaf(node) ? node >> 1 : 0),
    cover: Uint32Array.from(nodes, (node) => isLeaf(node) ? 1 : 0),
    sets: new Uint8Array(0),
  };
  return {
    ...{ combine: "sum", base: 0, leafStep: 1, features },
    ...joinTrees(Array(trees).fill(tree), features),
  };
}

Deno.test("trees of 32 leaves have masks that tell each leaf from the others, and larger ones none", () => {
  const masks = leafMasksOf(chain(32))!;
  const values = Float64Array.of(-5, ...Array.from({ length: 241 }, (_, i) => i), 240.5, 1e9, NaN);
  assert.deepEqual(
    Array.from(values, (_, row) => masks.sumTrees([values], row)),
    [0, ...Array.from({ length: 241 }, (_, i) => Math.ceil(i / 8)), 31, 31, 2],
  );
  assert.equal(leafMasksOf(chain(33)), null);
});

Deno.test("trees that each split on few of the features have no masks: going down is faster", () => {
  const { features: [x], ...stumps } = chain(2, 2);
  const second = stumps.roots[1]!;
  stumps.nodes.feature[second] = 1;
  assert.equal(leafMasksOf({ ...stumps, features: [x!, x!] }), null);
  stumps.nodes.feature[second] = 0;
  assert.ok(leafMasksOf({ ...stumps, features: [x!, x!] }));
});

Deno.test("an ensemble whose masks would take more than 4 MB has none, and one without trees sums to 0", () => {
  const x = [Float64Array.of(160)];
  // 33 places, and the words of no feature, of 4 bytes for each tree.
  assert.equal(leafMasksOf(chain(32, 30_840))!.sumTrees(x, 0), 20 * 30_840);
  assert.equal(leafMasksOf(chain(32, 30_844)), null);
  assert.equal(leafMasksOf(chain(32, 0))!.sumTrees(x, 0), 0);
  assert.equal(leafMasksOf({ ...chain(32, 0), features: [] })!.sumTrees([], 0), 0);
});

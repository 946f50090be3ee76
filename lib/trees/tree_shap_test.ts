import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BoostingParameters,
  combineEnsembles,
  type Ensemble,
  fit,
  type ForestParameters,
  LEAF,
  type Learner,
  MISSING_LEFT,
  type Nodes,
  predictEnsemble,
  treeShap,
} from "./mod.ts";
import shap from "./golden/shap.json" with { type: "json" };
import { joinTrees } from "./ensemble.ts";
import { createRandom } from "./random.ts";
import { type PlainNode, plainTrees } from "./testing/plain_predictor.ts";
import { randomColumns, randomEnsemble } from "./testing/random_ensemble.ts";
import { recordAt, signalTable } from "./testing/tables.ts";

const forest = (parameters: ForestParameters = {}): Learner => ({
  algorithm: "random_forest",
  parameters,
});

const boosting = (parameters: BoostingParameters = {}): Learner => ({
  algorithm: "gradient_boosting",
  parameters,
});

/** A tree's forecast where only some features of a record are known, and the rows it rests on. */
function forecastBy(
  node: PlainNode,
  record: number[],
  isKnown: (feature: number) => boolean,
): { value: number; cover: number } {
  if ("value" in node) return node;
  const [left, right] = [node.left, node.right].map((side) => forecastBy(side, record, isKnown));
  const cover = left!.cover + right!.cover;
  const value = isKnown(node.feature)
    ? (node.goesLeft(record[node.feature]!) ? left! : right!).value
    : (left!.value * left!.cover + right!.value * right!.cover) / cover;
  return { value, cover };
}

/** The forecast where the features of which `known` has the bit are known. */
function knowing(ensemble: Ensemble, used: number[], record: number[], known: number): number {
  const trees = plainTrees(ensemble);
  const isKnown = (feature: number) => (known >>> used.indexOf(feature) & 1) === 1;
  const sum = trees.reduce((sum, tree) => sum + forecastBy(tree, record, isKnown).value, 0);
  return ensemble.base + (ensemble.combine === "mean" ? sum / trees.length : sum);
}

/** Shapley values by their definition: over all sets of the features that trees use. */
function shapleyValues(ensemble: Ensemble, used: number[], record: number[]): number[] {
  const factorial = (n: number): number => n < 2 ? 1 : n * factorial(n - 1);
  const size = used.length;
  const worth = Array.from(
    { length: 2 ** size },
    (_, known) => knowing(ensemble, used, record, known),
  );
  return used.map((_, player) => {
    let sum = 0;
    for (let known = 0; known < 2 ** size; known++) {
      if (known >>> player & 1) continue;
      const others = used.filter((_, i) => known >>> i & 1).length;
      const weight = factorial(others) * factorial(size - 1 - others) / factorial(size);
      sum += weight * (worth[known | 1 << player]! - worth[known]!);
    }
    return sum;
  });
}

function assertNear(found: number, expected: number, allowed: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= allowed, `${what}: ${found}, expected ${expected}`);
}

/** Asserts that contributions and the expected value sum to forecasts, nearly to float64's digits. */
function assertAdditive(ensemble: Ensemble, columns: Float64Array[]): void {
  const { expected, contributions } = treeShap(ensemble, columns);
  for (const [row, forecast] of predictEnsemble(ensemble, columns).entries()) {
    const parts = contributions.map((values) => values[row]!);
    const size = parts.reduce((sum, part) => sum + Math.abs(part), Math.abs(expected));
    const sum = parts.reduce((a, b) => a + b, expected);
    assertNear(sum, forecast, 1e-12 * size, `row ${row}`);
    assertNear(sum, forecast, 1e-9 * Math.abs(forecast) + 1e-12, `row ${row}`);
  }
}

Deno.test("treeShap() gives Shapley values as their definition does, over all sets of features", () => {
  const shape = fc.record({
    seed: fc.nat(),
    // From the 32nd on, features no longer have bits of their own.
    used: fc.uniqueArray(fc.oneof(fc.nat(6), fc.constantFrom(30, 31, 32, 40, 200)), {
      minLength: 1,
      maxLength: 6,
    }),
    trees: fc.integer({ min: 1, max: 3 }),
    depth: fc.nat(7),
    cover: fc.constantFrom(1, 3, 50, 1_000_000),
  });
  const run = fc.property(shape, ({ seed, used, ...rest }) => {
    const random = createRandom(seed);
    const ensemble = randomEnsemble(random, { used, ...rest });
    const columns = randomColumns(random, ensemble, 3);
    const { expected, contributions } = treeShap(ensemble, columns);
    for (let row = 0; row < 3; row++) {
      const record = recordAt(columns, row);
      assertNear(expected, knowing(ensemble, used, record, 0), 1e-9, "expected value");
      const exact = shapleyValues(ensemble, used, record);
      for (const [feature, values] of contributions.entries()) {
        const player = used.indexOf(feature);
        if (player < 0) assert.equal(values[row], 0);
        else assertNear(values[row]!, exact[player]!, 1e-9, `feature ${feature}`);
      }
    }
  });
  fc.assert(run, { numRuns: 200 });
});

/** A tree as golden/make_shap.py writes it. */
type GoldenTree =
  | { value: number; cover: number }
  | {
    feature: number;
    missing_left: boolean;
    threshold?: number;
    categories?: number[];
    left: GoldenTree;
    right: GoldenTree;
  };

/** The golden trees as an ensemble, whose numbers have their thresholds for edges. */
function fromGolden(kinds: string[], trees: GoldenTree[]): Ensemble {
  const thresholds = kinds.map(() => new Set<number>());
  const collect = (node: GoldenTree): void => {
    if ("value" in node) return;
    if (node.threshold !== undefined) thresholds[node.feature]!.add(node.threshold);
    collect(node.left);
    collect(node.right);
  };
  trees.forEach(collect);
  const features = kinds.map((kind, i) =>
    kind === "number"
      ? { kind: "number" as const, edges: Float64Array.from(thresholds[i]!).sort() }
      : { kind: "category" as const, categories: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7) }
  );
  const grown = trees.map((tree): Nodes => {
    const feature: number[] = [], split: number[] = [], right: number[] = [];
    const value: number[] = [], cover: number[] = [], sets: number[] = [];
    const add = (node: GoldenTree): void => {
      const at = feature.length;
      const isLeaf = "value" in node;
      feature.push(isLeaf ? LEAF : node.feature);
      value.push(isLeaf ? node.value : 0);
      cover.push(isLeaf ? node.cover : 0);
      right.push(0);
      if (isLeaf) return void split.push(0);
      if (node.categories) {
        split.push(sets.length);
        sets.push(node.categories.reduce((bits, code) => bits | 1 << code, 0), 0);
      } else {
        const bins = features[node.feature]! as { edges: Float64Array };
        const bin = bins.edges.indexOf(node.threshold!);
        split.push(bin + (node.missing_left ? MISSING_LEFT : 0));
      }
      add(node.left);
      right[at] = feature.length;
      add(node.right);
    };
    add(tree);
    return {
      feature: Uint8Array.from(feature),
      split: Uint32Array.from(split),
      right: Uint32Array.from(right),
      value: Float32Array.from(value),
      cover: Uint32Array.from(cover),
      sets: Uint8Array.from(sets),
    };
  });
  return { combine: "sum", base: 0, leafStep: 1, features, ...joinTrees(grown, features) };
}

Deno.test("treeShap() gives what LightGBM's pred_contrib gives for its trees", () => {
  for (const [key, model] of Object.entries(shap.models)) {
    const ensemble = fromGolden(model.kinds, model.trees as GoldenTree[]);
    const columns = model.columns.map((values: (number | null)[]) =>
      Float64Array.from(values, (value) => value ?? NaN)
    );
    const { expected, contributions } = treeShap(ensemble, columns);
    // Leaves are float32 here.
    const allowed = 1e-5;
    assertNear(expected, model.expected, allowed, key);
    for (const [feature, values] of contributions.entries()) {
      for (const [row, value] of values.entries()) {
        const theirs = model.contributions[feature]![row]!;
        assertNear(value, theirs, allowed, `${key}: feature ${feature}, row ${row}`);
      }
    }
  }
});

Deno.test("treeShap() sums to the forecast for trained forests, boosting and both together", () => {
  const data = signalTable(3000), { columns } = signalTable(60, 2);
  const parts = [
    forest({ n_estimators: 10, max_leaf_nodes: 600, max_features: 0.5 }),
    boosting({ n_estimators: 40, loss: "absolute_error" }),
  ].map((learner) => ({ ensemble: fit(data, learner).ensemble, weight: 0.4 }));
  for (const { ensemble } of parts) assertAdditive(ensemble, columns);
  assertAdditive(combineEnsembles(parts), columns);
  assertAdditive(fit(data, forest({ n_estimators: 2 })).ensemble, columns);
});

Deno.test("treeShap() sums to the forecast whatever the covers, values and number of features", () => {
  const shape = fc.record({
    seed: fc.nat(),
    features: fc.integer({ min: 1, max: 254 }),
    trees: fc.integer({ min: 1, max: 4 }),
    depth: fc.integer({ min: 0, max: 9 }),
    cover: fc.constantFrom(1, 1000, 2 ** 32 - 2),
  });
  const run = fc.property(shape, ({ seed, features, ...rest }) => {
    const random = createRandom(seed);
    const used = Array.from({ length: features }, (_, i) => i);
    const ensemble = randomEnsemble(random, { used, ...rest });
    assertAdditive(ensemble, randomColumns(random, ensemble, 5));
  });
  fc.assert(run, { numRuns: 100 });
});

Deno.test("treeShap() keeps its digits on a path of 254 features, each split twice", () => {
  const length = 508;
  const feature = new Uint8Array(2 * length + 1).fill(LEAF);
  const right = new Uint32Array(feature.length);
  // Each split's left child is the next split; the leaves stand at the end.
  for (let i = 0; i < length; i++) {
    feature[i] = i % 254;
    right[i] = 2 * length - i;
  }
  const isLeaf = (node: number) => node >= length;
  const features = Array.from({ length: 254 }, () => ({
    kind: "number" as const,
    edges: Float64Array.of(0, 1),
  }));
  const ensemble: Ensemble = {
    combine: "sum",
    base: 0,
    leafStep: 1,
    features,
    ...joinTrees([{
      feature,
      split: new Uint32Array(feature.length),
      right,
      value: Float32Array.from(feature, (_, node) => isLeaf(node) ? node % 100 : 0),
      cover: Uint32Array.from(feature, (_, node) => isLeaf(node) ? 1 + node % 3 : 0),
      sets: new Uint8Array(0),
    }], features),
  };
  const columns = features.map((_, i) => Float64Array.of(0, i < 200 ? 0 : 1, i % 2, 1));
  assertAdditive(ensemble, columns);
});

Deno.test("treeShap() gives a row the same whatever other rows there are, and nothing for none", () => {
  const { ensemble } = fit(signalTable(500), boosting({ n_estimators: 20 }));
  const { columns } = signalTable(40, 3);
  const all = treeShap(ensemble, columns);
  for (const row of [0, 7, 39]) {
    const one = treeShap(ensemble, columns.map((values) => values.slice(row, row + 1)));
    assert.equal(one.expected, all.expected);
    assert.deepEqual(
      one.contributions,
      all.contributions.map((values) => values.slice(row, row + 1)),
    );
  }
  const none = treeShap(ensemble, columns.map(() => new Float64Array(0)));
  assert.deepEqual(none.contributions, columns.map(() => new Float64Array(0)));
});

Deno.test("treeShap() refuses columns that the ensemble does not have", () => {
  const { ensemble } = fit(signalTable(50), boosting({ n_estimators: 1 }));
  assert.throws(
    () => treeShap(ensemble, [new Float64Array(1)]),
    /^RangeError: Expected 4 columns of one length, but found lengths 1$/,
  );
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { LEAF } from "./ensemble.ts";
import { type Ensemble, fit, fitInWorkers, type Learner, predictEnsemble } from "./mod.ts";
import type { BoostingParameters, ForestParameters, TrainingData } from "./mod.ts";
import { createRandom } from "./random.ts";
import { predictPlainly } from "./testing/plain_predictor.ts";

const parameters: ForestParameters = {
  n_estimators: 5,
  max_depth: null,
  max_leaf_nodes: null,
  min_samples_leaf: 1,
  max_features: 1,
  max_bins: 255,
  random_state: 7,
};
const forest: Learner = { algorithm: "random_forest", parameters };
const boosting: Learner = {
  algorithm: "gradient_boosting",
  parameters: { ...parameters, learning_rate: 0.3, max_leaf_nodes: 6 },
};

/** Rows with a number, a category and missing values, and a target that depends on them. */
function makeData(rows: number, seed = 1): TrainingData {
  const random = createRandom(seed);
  const x = Float64Array.from({ length: rows }, () => random.integer(1000) / 10);
  const category = Float64Array.from({ length: rows }, () => random.integer(9));
  const gaps = x.map((value) => random.integer(4) === 0 ? NaN : value);
  const noise = () => random.integer(100) / 100;
  const targets = x.map((value, row) =>
    (value > 40 ? 10 : 0) + (category[row]! % 3) * 5 + (Number.isNaN(gaps[row]!) ? 3 : 0) + noise()
  );
  return { kinds: ["number", "category", "number"], columns: [x, category, gaps], targets };
}

function rmse(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

const cell = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ noNaN: true }), fc.constant(NaN));
const smallTable = fc.array(fc.tuple(cell, cell, fc.integer({ min: -9, max: 9 })), {
  minLength: 1,
  maxLength: 40,
}).map((rows): TrainingData => ({
  kinds: ["number", "category"],
  columns: [0, 1].map((column) => Float64Array.from(rows, (row) => row[column]!)),
  targets: Float64Array.from(rows, (row) => row[2]),
}));

Deno.test("predictEnsemble() agrees with a plain recursive predictor, seen values or not", () => {
  fc.assert(fc.property(
    smallTable,
    fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 10 }),
    fc.constantFrom(forest, boosting),
    (data, records, learner) => {
      const { ensemble } = fit(data, learner);
      const columns = [0, 1].map((column) => Float64Array.from(records, (row) => row[column]!));
      const expected = records.map((record) => predictPlainly(ensemble, record));
      assert.deepEqual(Array.from(predictEnsemble(ensemble, columns)), expected);
    },
  ));
});

Deno.test("fit() of one full tree without sampling reproduces targets that the features tell apart", () => {
  const x = Float64Array.from({ length: 200 }, (_, i) => i);
  const targets = x.map((value) => (value * 37) % 101);
  const learner: Learner = {
    algorithm: "gradient_boosting",
    parameters: { ...parameters, n_estimators: 1, learning_rate: 1 },
  };
  const { ensemble } = fit({ kinds: ["number"], columns: [x], targets }, learner);
  // Leaves are rounded to a 16,384th of the targets' standard deviation, which is 29.
  assert.ok(rmse(predictEnsemble(ensemble, [x]), targets) < 0.001);
});

Deno.test("fit() keeps every leaf within the targets' range in a forest", () => {
  fc.assert(fc.property(smallTable, (data) => {
    const { ensemble } = fit(data, forest);
    const [low, high] = [Math.min(...data.targets), Math.max(...data.targets)];
    for (const value of predictEnsemble(ensemble, data.columns)) {
      assert.ok(value >= low - ensemble.leafStep && value <= high + ensemble.leafStep);
    }
  }));
});

Deno.test("fit() lowers the training error with every boosting round", () => {
  const data = makeData(500);
  let last = Infinity;
  for (const n_estimators of [1, 2, 5, 20, 60]) {
    const learner: Learner = {
      algorithm: "gradient_boosting",
      parameters: { ...boosting.parameters, learning_rate: 0.3, n_estimators },
    };
    const { ensemble } = fit(data, learner);
    const error = rmse(predictEnsemble(ensemble, data.columns), data.targets);
    assert.ok(error < last, `${n_estimators} trees: ${error} is not below ${last}`);
    last = error;
  }
  assert.ok(last < 0.5);
});

Deno.test("fit() learns numbers, categories and missing values: unseen rows are predicted well", () => {
  const [train, test] = [makeData(3000, 1), makeData(500, 2)];
  for (const learner of [forest, boosting]) {
    const grown = {
      ...learner,
      parameters: { ...learner.parameters, n_estimators: 40 },
    } as Learner;
    const { ensemble } = fit(train, grown);
    // The targets' noise alone is 0.29; a constant forecast errs by 6.5.
    assert.ok(rmse(predictEnsemble(ensemble, test.columns), test.targets) < 0.6);
  }
});

Deno.test("fit() respects max_leaf_nodes, max_depth and min_samples_leaf", () => {
  const data = makeData(400);
  const leaves = (change: BoostingParameters) => {
    const learner = {
      algorithm: "gradient_boosting",
      parameters: { ...boosting.parameters, max_leaf_nodes: null, n_estimators: 1, ...change },
    } as Learner;
    return fit(data, learner).ensemble.nodes.feature.filter((index) => index === LEAF).length;
  };
  assert.equal(leaves({ max_leaf_nodes: 6 }), 6);
  assert.equal(leaves({ max_depth: 3 }), 8);
  assert.ok(leaves({ min_samples_leaf: 50 }) <= 8);
  assert.ok(leaves({}) > 100);
});

Deno.test("fit() gives each feature's share of the gain, 1 in all, 0 to what cannot help", () => {
  const data = makeData(500);
  data.columns.push(new Float64Array(500).fill(3));
  data.kinds.push("number");
  const { importance } = fit(data, boosting);
  assert.ok(Math.abs(importance.reduce((a, b) => a + b, 0) - 1) < 1e-12);
  assert.equal(importance[3], 0);
  assert.ok(importance[0]! > importance[2]!);
});

Deno.test("fit() takes one row, constant and all-missing columns; no rows are an error", () => {
  const one = {
    kinds: ["number" as const],
    columns: [Float64Array.of(NaN)],
    targets: Float64Array.of(5),
  };
  for (const learner of [forest, boosting]) {
    const { ensemble, importance } = fit(one, learner);
    assert.deepEqual(predictEnsemble(ensemble, [Float64Array.of(1, NaN)]), Float64Array.of(5, 5));
    assert.deepEqual(importance, Float64Array.of(0));
    const none = { kinds: one.kinds, columns: [new Float64Array(0)], targets: new Float64Array(0) };
    assert.throws(() => fit(none, learner), /at least one row/);
    const wide = Array.from({ length: 255 }, () => Float64Array.of(1));
    const data = { kinds: wide.map(() => "number" as const), columns: wide, targets: one.targets };
    assert.throws(() => fit(data, learner), /fewer than 255 features/);
  }
});

Deno.test("fitInWorkers() gives fit()'s result for any number of workers, and counts trees", async () => {
  const data = makeData(300);
  const sampled = {
    algorithm: "gradient_boosting",
    parameters: { ...boosting.parameters, subsample: 0.6, max_features: 0.5, max_bins: 50 },
  } as Learner;
  const learners = [forest, sampled];
  const expected = learners.map((learner) => fit(data, learner));
  for (const workers of [1, 2, 3, 16]) {
    const counts = [0, 0];
    const onTree = (learner: number, done: number) => counts[learner] = done;
    assert.deepEqual(await fitInWorkers(data, learners, { workers, onTree }), expected);
    assert.deepEqual(counts, [5, 5]);
  }
});

Deno.test("fit() draws other trees for another seed, the same for the same", () => {
  const data = makeData(300);
  const withSeed = (random_state: number) =>
    fit(data, { algorithm: "random_forest", parameters: { ...parameters, random_state } }).ensemble;
  assert.deepEqual(withSeed(7), withSeed(7));
  assert.notDeepEqual(withSeed(7).nodes, withSeed(8).nodes);
});

Deno.test("predictEnsemble() answers a row the same whatever rows come with it", () => {
  const data = makeData(9000);
  const { ensemble } = fit(makeData(200), forest);
  const all = predictEnsemble(ensemble, data.columns);
  for (const row of [0, 4095, 4096, 8999]) {
    const alone = predictEnsemble(ensemble, data.columns.map((c) => c.subarray(row, row + 1)));
    assert.equal(alone[0], all[row]);
  }
  for (const rows of [1, 3, 4, 300]) {
    const columns = data.columns.map((column) => column.subarray(0, rows));
    const used = new Float64Array(rows).fill(1e6);
    assert.equal(predictEnsemble(ensemble, columns, used), used);
    assert.deepEqual(used, all.slice(0, rows));
  }
  const uneven = data.columns.map((column, i) => column.subarray(i === 0 ? 1 : 0));
  for (const into of [undefined, new Float64Array(9000)]) {
    assert.throws(() => predictEnsemble(ensemble, uneven, into), RangeError);
  }
});

/** Boosting of one full tree, with these changes. */
function oneTree(change: BoostingParameters): Learner {
  return {
    algorithm: "gradient_boosting",
    parameters: { ...parameters, learning_rate: 1, n_estimators: 1, ...change },
  };
}

const countLeaves = ({ nodes }: Ensemble) => nodes.feature.filter((f) => f === LEAF).length;

/** As many rows as asked for, all told apart by one feature, each with a target of its own. */
function distinctRows(rows: number): TrainingData {
  const x = Float64Array.from({ length: rows }, (_, i) => i);
  return { kinds: ["number"], columns: [x], targets: x.map((value) => (value * 37) % 101) };
}

Deno.test("fit() puts min_samples_leaf rows into every leaf", () => {
  const data = makeData(400);
  for (const min_samples_leaf of [2, 7, 60]) {
    const { ensemble } = fit(data, oneTree({ min_samples_leaf }));
    const counts = new Map<number, number>();
    for (const value of predictEnsemble(ensemble, data.columns)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.ok(Math.min(...counts.values()) >= min_samples_leaf);
    assert.ok(counts.size > 1);
  }
});

Deno.test("fit() with max_leaf_nodes makes the split that gains most first, on either side", () => {
  // Feature 0 parts the rows; feature 1 tells much on one side of it and little on the other.
  const side = Float64Array.from({ length: 80 }, (_, i) => i < 40 ? 0 : 1);
  const detail = Float64Array.from({ length: 80 }, (_, i) => i % 2);
  const grow = (left: number, right: number) =>
    Array.from(
      fit({
        kinds: ["number", "number"],
        columns: [side, detail],
        targets: side.map((s, i) => s * 100 + detail[i]! * (s === 0 ? left : right)),
      }, oneTree({ max_leaf_nodes: 3 })).ensemble.nodes.feature,
    );
  assert.deepEqual(grow(1, 10), [0, LEAF, 1, LEAF, LEAF]);
  assert.deepEqual(grow(10, 1), [0, 1, LEAF, LEAF, LEAF]);
});

Deno.test("fit() draws max_samples rows: without replacement to boost, with it in a forest", () => {
  const data = distinctRows(100);
  assert.equal(countLeaves(fit(data, oneTree({ subsample: 0.3 })).ensemble), 30);
  assert.equal(countLeaves(fit(data, oneTree({ subsample: 1 })).ensemble), 100);
  const forestLeaves = (max_samples: number) => {
    const drawn = { ...parameters, n_estimators: 50, max_samples };
    const { ensemble } = fit(data, { algorithm: "random_forest", parameters: drawn });
    return countLeaves(ensemble) / 50;
  };
  // Of n draws with replacement from n rows, 1 - 1/e are different; of n/2, 1 - 1/sqrt(e).
  assert.ok(Math.abs(forestLeaves(1) - 63.2) < 2, `${forestLeaves(1)}`);
  assert.ok(Math.abs(forestLeaves(0.5) - 39.3) < 2, `${forestLeaves(0.5)}`);
});

Deno.test("fit() corrects rows that a boosting round did not draw as well", () => {
  const data = distinctRows(100);
  const { ensemble } = fit(data, {
    algorithm: "gradient_boosting",
    parameters: { ...parameters, learning_rate: 0.5, n_estimators: 80, subsample: 0.5 },
  });
  // The targets spread over 100; a row left uncorrected is aimed at again and again.
  assert.ok(rmse(predictEnsemble(ensemble, data.columns), data.targets) < 1);
});

Deno.test("fit() looks at max_features of the features in each split, drawn anew", () => {
  const data = makeData(400);
  for (const algorithm of ["random_forest", "gradient_boosting"] as const) {
    const roots = (max_features: number) => {
      // So slow that boosting's trees all have the first one's reasons.
      const slow = algorithm === "gradient_boosting" ? { learning_rate: 0.01 } : {};
      const changed = { ...parameters, ...slow, n_estimators: 30, max_features };
      const { nodes, roots } = fit(data, { algorithm, parameters: changed } as Learner).ensemble;
      return new Set(Array.from(roots.subarray(0, -1), (root) => nodes.feature[root]));
    };
    assert.deepEqual(roots(1), new Set([0]));
    assert.deepEqual(roots(0.34), new Set([0, 1, 2]));
  }
});

Deno.test("fit() grows trees in a forest that differ from each other", () => {
  const { nodes, roots } = fit(distinctRows(100), forest).ensemble;
  const trees = Array.from(
    { length: 5 },
    (_, i) => `${nodes.split.subarray(roots[i], roots[i + 1])}`,
  );
  assert.equal(new Set(trees).size, 5);
});

Deno.test("fitInWorkers() fails as a worker fails, and stops those that wait for it", async () => {
  const Real = globalThis.Worker;
  let started = 0;
  globalThis.Worker = class extends Real {
    constructor(url: string | URL, options?: WorkerOptions) {
      const broken = "data:text/javascript,onmessage = () => { throw new RangeError('broken') }";
      super(started++ === 1 ? broken : url, options);
    }
  };
  try {
    await assert.rejects(
      fitInWorkers(makeData(40_000), [boosting], { workers: 2 }),
      /A training worker failed: .*RangeError: broken/,
    );
  } finally {
    globalThis.Worker = Real;
  }
  assert.equal(started, 2);
});

Deno.test("fitInWorkers() rejects with what onTree throws", async () => {
  // So few rows that one thread boosts, and so many that two boost together.
  for (const [rows, learner] of [[300, forest], [300, boosting], [20_000, boosting]] as const) {
    const onTree = () => {
      throw new TypeError("full");
    };
    await assert.rejects(
      fitInWorkers(makeData(rows), [learner], { workers: 2, onTree }),
      { name: "TypeError", message: "full" },
    );
  }
});

Deno.test("fit() with weights near the largest number gives what smaller ones give", () => {
  const data = makeData(300);
  const ratios = data.targets.map((_, row) => 1 - (row % 4) / 8);
  for (const learner of [forest, boosting]) {
    const weighted = (highest: number) =>
      fit({ ...data, weights: ratios.map((ratio) => ratio * highest) }, learner);
    assert.deepEqual(weighted(Number.MAX_VALUE), weighted(Number.MAX_VALUE / 2 ** 1000));
  }
});

Deno.test("fit() stops by validation weights of any size, for only their ratios count", () => {
  const data = makeData(300), held = makeData(200, 2);
  const learner: Learner = {
    algorithm: "gradient_boosting",
    parameters: { n_estimators: 200, learning_rate: 0.3, n_iter_no_change: 3 },
  };
  const stopped = (weight: (row: number) => number) => {
    const weights = held.targets.map((_, row) => weight(row));
    const { ensemble, validationLoss } = fit(
      { ...data, validation: { columns: held.columns, targets: held.targets, weights } },
      learner,
    );
    return { trees: ensemble.roots.length - 1, losses: Array.from(validationLoss!) };
  };
  const expected = stopped(() => 1);
  assert.ok(expected.trees > 3 && expected.trees < 197);
  for (const size of [1e300, 1e307, Number.MAX_VALUE, 1e-300, 5e-324]) {
    const { trees, losses } = stopped(() => size);
    assert.equal(trees, expected.trees);
    assert.equal(losses.length, expected.losses.length);
    for (const [round, loss] of losses.entries()) {
      assert.ok(Math.abs(loss / expected.losses[round]! - 1) < 1e-12, `${size}: ${loss}`);
    }
  }
  assert.deepEqual(stopped((row) => (1 + row % 3) * 2 ** 1020), stopped((row) => 1 + row % 3));
});

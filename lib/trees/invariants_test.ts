import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BoostingParameters,
  fit,
  fitInWorkers,
  type ForestParameters,
  type Learner,
  permutationImportance,
  predictEnsemble,
  type TrainingData,
} from "./mod.ts";
import { createRandom } from "./random.ts";
import { leafValue, plainTrees } from "./testing/plain_predictor.ts";
import { recordAt, signalTable, takeRows } from "./testing/tables.ts";

const forest = (parameters: ForestParameters = {}): Learner => ({
  algorithm: "random_forest",
  parameters: { n_estimators: 5, ...parameters },
});

const boosting = (parameters: BoostingParameters = {}): Learner => ({
  algorithm: "gradient_boosting",
  parameters: { n_estimators: 5, min_samples_leaf: 1, ...parameters },
});

function rmse(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

Deno.test("fit() with monotonic_cst keeps a larger table's constraints, and still learns", () => {
  const data = signalTable(900);
  // The first feature raises the target; the fourth has nothing to do with it.
  const monotonic_cst: (-1 | 0 | 1)[] = [1, 0, 0, -1];
  for (
    const learner of [
      forest({ monotonic_cst }),
      // So many leaves are cut back from a whole tree.
      forest({ monotonic_cst, max_leaf_nodes: 515, bootstrap: false }),
      boosting({ monotonic_cst, n_estimators: 40, min_samples_leaf: 5 }),
    ]
  ) {
    const { ensemble } = fit(data, learner);
    const path = Float64Array.from({ length: 200 }, (_, i) => i);
    for (let row = 0; row < 50; row++) {
      const columns = recordAt(data.columns, row).map((value) => path.map(() => value));
      columns[0] = path;
      const predictions = predictEnsemble(ensemble, columns);
      assert.deepEqual(predictions, predictions.slice().sort());
    }
    const error = rmse(predictEnsemble(ensemble, data.columns), data.targets);
    // The targets' standard deviation is 6.
    assert.ok(error < 1.5, `training RMSE ${error}`);
  }
});

Deno.test("fit() takes a whole weight as so many rows", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 60 }),
      (seed, rows) => {
        const data = signalTable(rows, seed);
        const weights = data.targets.map((_, row) => 1 + (row * 7 + seed) % 4);
        const repeats = Array.from(weights.keys()).flatMap((row) =>
          new Array(weights[row]).fill(row)
        );
        const assertSame = (data: TrainingData, learner: Learner) => {
          const weighted = fit({ ...data, weights }, learner).ensemble;
          const repeated = fit(takeRows(data, repeats), learner).ensemble;
          const [a, b] = [weighted, repeated].map((e) => predictEnsemble(e, data.columns));
          const difference = largestDifference(a!, b!);
          const allowed = Math.max(weighted.leafStep, repeated.leafStep);
          assert.ok(difference <= allowed, `predictions differ by ${difference}`);
        };
        assertSame(data, forest({ n_estimators: 1, bootstrap: false }));
        assertSame(data, boosting({ n_estimators: 1, learning_rate: 0.5 }));
        // The other losses' gradients have few values, so that many splits gain the same; their leaves
        // show where there is nothing to split.
        const constant = { ...data, columns: data.columns.map((column) => column.map(() => 2)) };
        for (const loss of ["absolute_error", "huber", "quantile"] as const) {
          for (const alpha of [0.25, 0.6]) {
            assertSame(constant, boosting({ loss, alpha, n_estimators: 1, learning_rate: 1 }));
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("fit() forecasts finite numbers, or refuses targets and weights of such a size", () => {
  const size = fc.constantFrom(0, 5e-324, 1e-310, 1e-200, 1e-30, 1, 1e30, 1e38, 1e39, 1e160, 1e308);
  const few = fc.array(fc.tuple(size, size, fc.constantFrom(-1, 1)), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(fc.property(few, fc.constantFrom(0, 1), fc.boolean(), (rows, sign, isForest) => {
    const targets = Float64Array.from(rows, ([size, , sign]) => sign * size);
    const weights = Float64Array.from(rows, ([, size]) => size);
    const columns = [targets.map((_, row) => row)];
    const monotonic_cst: (0 | 1)[] = [sign as 0 | 1];
    const data: TrainingData = { kinds: ["number"], columns, targets, weights };
    let fitted;
    try {
      fitted = fit(data, isForest ? forest({ monotonic_cst }) : boosting({ monotonic_cst }));
    } catch (error) {
      return assert.ok(error instanceof RangeError);
    }
    for (const value of predictEnsemble(fitted.ensemble, columns)) {
      assert.ok(Number.isFinite(value));
    }
    assert.ok(Number.isFinite(fitted.importance[0]));
  }));
});

async function assertSameInWorkers(data: TrainingData, learners: Learner[], counts: number[]) {
  const expected = learners.map((learner) => fit(data, learner));
  for (const workers of counts) {
    assert.deepEqual(await fitInWorkers(data, learners, { workers }), expected);
  }
}

Deno.test("fitInWorkers() gives fit()'s bytes for 1, 2, 3 and 5 workers", async () => {
  const data = signalTable(3000);
  const weights = data.targets.map((_, row) => 1 + row % 5 / 4);
  const rows = signalTable(500, 2);
  const validation = { columns: rows.columns, targets: rows.targets };
  const learners: Learner[] = [
    boosting({ n_estimators: 6 }),
    boosting({ n_estimators: 6, subsample: 0.6, max_features: 0.5 }),
    boosting({ n_estimators: 2, max_leaf_nodes: null }),
    boosting({ n_estimators: 6, loss: "quantile", alpha: 0.8 }),
    boosting({ n_estimators: 60, learning_rate: 0.9, n_iter_no_change: 2, max_leaf_nodes: 60 }),
    forest({ oob_score: true }),
    forest({ bootstrap: false, max_samples: 0.5, max_features: 0.6, oob_score: true }),
    forest({ max_leaf_nodes: 30, monotonic_cst: [1, 0, 0, 0] }),
  ];
  await assertSameInWorkers({ ...data, validation }, learners, [1, 5]);
  await assertSameInWorkers({ ...data, weights, validation }, learners, [2, 3]);
});

Deno.test("fitInWorkers() gives fit()'s bytes where threads share the rows of a boosting tree", async () => {
  // Threads share a tree where each has at least 8,192 rows.
  const data = signalTable(42_000);
  const weights = data.targets.map((_, row) => 1 + row % 5 / 4);
  const rows = signalTable(500, 2);
  const validation = { columns: rows.columns, targets: rows.targets };
  const learners: Learner[] = [
    boosting({ n_estimators: 4 }),
    boosting({ n_estimators: 4, subsample: 0.6, max_features: 0.5 }),
    boosting({ n_estimators: 3, max_leaf_nodes: null, max_depth: 5, monotonic_cst: [1, 0, -1, 0] }),
    boosting({ n_estimators: 6, learning_rate: 1, n_iter_no_change: 1, max_leaf_nodes: 200 }),
  ];
  await assertSameInWorkers({ ...data, validation }, learners, [3]);
  await assertSameInWorkers({ ...data, weights, validation }, learners, [2, 5]);
});

Deno.test("fit() forecasts a row out of bag by the trees that did not draw it, and no others", () => {
  // Each row has a value and a target of its own, so a full tree gives a row its own target back
  // just where it drew the row.
  const rows = 60;
  const random = createRandom(5);
  const x = Float64Array.from({ length: rows }, (_, i) => i);
  const targets = Float64Array.from(random.shuffle(rows, rows));
  const data: TrainingData = { kinds: ["number"], columns: [x], targets };
  for (const sampling of [{}, { bootstrap: false, max_samples: 0.6 }]) {
    const { ensemble, oob } = fit(data, forest({ ...sampling, n_estimators: 9, oob_score: true }));
    const trees = plainTrees(ensemble);
    let expectedRows = 0, squares = 0;
    for (let row = 0; row < rows; row++) {
      const leaves = trees.map((tree) => leafValue(tree, [x[row]!]))
        .filter((leaf) => Math.abs(ensemble.base + leaf - targets[row]!) > ensemble.leafStep);
      const prediction = oob!.predictions[row]!;
      if (leaves.length === 0) {
        assert.ok(Number.isNaN(prediction));
        continue;
      }
      const expected = ensemble.base + leaves.reduce((a, b) => a + b, 0) / leaves.length;
      assert.ok(Math.abs(prediction - expected) < 1e-9, `row ${row}: ${prediction}, ${expected}`);
      expectedRows++;
      squares += (targets[row]! - expected) ** 2;
    }
    assert.ok(expectedRows > rows / 2);
    assert.ok(Math.abs(oob!.rmse - Math.sqrt(squares / expectedRows)) < 1e-9);
  }
});

Deno.test("fit() gives an out-of-bag error near that of unseen rows, far above the training error", () => {
  const data = signalTable(800), unseen = signalTable(800, 2);
  const { ensemble, oob } = fit(data, forest({ n_estimators: 30, oob_score: true }));
  const honest = rmse(predictEnsemble(ensemble, unseen.columns), unseen.targets);
  const training = rmse(predictEnsemble(ensemble, data.columns), data.targets);
  assert.ok(Math.abs(oob!.rmse / honest - 1) < 0.1, `${oob!.rmse} out of bag, unseen ${honest}`);
  assert.ok(training < 0.6 * oob!.rmse);
  assert.ok(oob!.r2 > 0.95 && oob!.r2 < 1);
});

Deno.test("fit() with n_iter_no_change keeps the trees up to the round of the least loss", () => {
  const { columns, targets } = signalTable(300, 2);
  const validation = { columns, targets };
  const data = { ...signalTable(150), validation };
  const rounds = { n_estimators: 300, learning_rate: 0.3, max_leaf_nodes: 8 };
  for (const loss of ["squared_error", "absolute_error", "huber", "quantile"] as const) {
    const stopped = fit(data, boosting({ ...rounds, loss, n_iter_no_change: 10, tol: 0 }));
    const losses = Array.from(stopped.validationLoss!);
    const trees = stopped.ensemble.roots.length - 1;
    assert.ok(losses.length < 300, "does not stop");
    assert.equal(trees, losses.indexOf(Math.min(...losses)) + 1);
    assert.equal(losses.length, trees + 10);
    // Without stopping: the same losses, and all trees.
    const whole = fit(data, boosting({ ...rounds, loss }));
    assert.equal(whole.ensemble.roots.length - 1, 300);
    assert.deepEqual(Array.from(whole.validationLoss!).slice(0, losses.length), losses);
    if (loss === "squared_error") {
      const error = rmse(predictEnsemble(stopped.ensemble, columns), targets);
      assert.ok(Math.abs(Math.sqrt(losses[trees - 1]!) - error) < 1e-9);
    }
  }
});

Deno.test("permutationImportance() is largest for the signal, 0 for what no split looks at", () => {
  const data = signalTable(600);
  data.kinds.push("number");
  data.columns.push(new Float64Array(600).fill(3));
  for (const learner of [forest({ min_samples_leaf: 5 }), boosting({ n_estimators: 60 })]) {
    const { ensemble } = fit(data, learner);
    const importance = permutationImportance(ensemble, data.columns, data.targets);
    assert.equal(importance.length, 5);
    const [x, category, gaps, idle, constant] = importance;
    assert.ok(x! > category! && category! > gaps! && gaps! > idle!, `${importance}`);
    assert.ok(idle! < 0.05 * x!);
    assert.equal(constant, 0);
    assert.deepEqual(permutationImportance(ensemble, data.columns, data.targets), importance);
  }
});

Deno.test("predictEnsemble() gives a row the same in a batch of any size", () => {
  const data = signalTable(20_000, 2);
  for (const learner of [forest(), boosting({ n_estimators: 20 })]) {
    const { ensemble } = fit(signalTable(400), learner);
    const all = predictEnsemble(ensemble, data.columns);
    for (const size of [1, 7, 8, 9, 333, 16_383, 16_384, 16_385, 20_000]) {
      for (const start of [0, 1, 5000, 20_000 - size]) {
        const end = Math.min(start + size, 20_000);
        const batch = predictEnsemble(ensemble, data.columns.map((c) => c.subarray(start, end)));
        assert.deepEqual(batch, all.slice(start, end));
      }
    }
  }
});

Deno.test("fit() tells near targets apart beside one that is a million times as far out", async () => {
  const rows = 120_000;
  const data: TrainingData = {
    kinds: ["number", "category"],
    columns: [
      Float64Array.from({ length: rows }, (_, row) => row === 7 ? 1e6 : row % 400),
      Float64Array.from({ length: rows }, (_, row) => row % 7),
    ],
    targets: Float64Array.from(
      { length: rows },
      (_, row) => row === 7 ? 1e6 : (row % 400 < 150 ? 0 : 1) + (row % 7 < 3 ? 0 : 0.5),
    ),
  };
  const near = [1, 2, 3].map((row) => (row + 160) % 400);
  const expected = near.map((row) => (row < 150 ? 0 : 1) + (row % 7 < 3 ? 0 : 0.5));
  const limits = { max_leaf_nodes: 30, min_samples_leaf: 1, n_estimators: 1 };
  for (
    const learner of [
      forest({ ...limits, bootstrap: false }),
      forest({ n_estimators: 1, bootstrap: false }),
      boosting({ ...limits, learning_rate: 1 }),
    ]
  ) {
    const { ensemble } = fit(data, learner);
    const columns = [Float64Array.from(near), Float64Array.from(near, (row) => row % 7)];
    const predictions = [...predictEnsemble(ensemble, columns)];
    for (const [i, prediction] of predictions.entries()) {
      assert.ok(Math.abs(prediction - expected[i]!) < 0.01, `${prediction} is not ${expected[i]}`);
    }
    const [inWorkers] = await fitInWorkers(data, [learner], { workers: 2 });
    assert.deepEqual(inWorkers!.ensemble, ensemble);
  }
});

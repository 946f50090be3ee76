import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BoostingParameters,
  type ColumnKind,
  type Ensemble,
  fit,
  type ForestParameters,
  type Learner,
  predictEnsemble,
  type TrainingData,
} from "./mod.ts";
import { checkMean, checkTree, gainTolerance } from "./testing/check_tree.ts";
import {
  exactError,
  type ExactLimits,
  exactMean,
  type ExactNode,
  trainExactly,
  weightedRows,
} from "./testing/exact_trainer.ts";
import { leafValue, plainTrees, predictPlainly } from "./testing/plain_predictor.ts";
import { recordAt, signalTable, takeRows } from "./testing/tables.ts";

const tie = fc.integer({ min: 0, max: 4 });
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const missing = fc.constant(NaN);

/** Values of one column: ties, any doubles, gaps, one value, or none at all. */
const numbers = fc.constantFrom(
  tie,
  double,
  fc.oneof(tie, missing),
  fc.oneof(double, tie, missing),
  fc.constant(3),
  missing,
);

/** At most six different: more would make the brute-force search of all sets slow. */
const categories = fc.constantFrom(
  tie,
  fc.oneof(tie, missing),
  fc.constantFrom(-7, 0.5, 300),
  fc.constant(2),
  missing,
);

const column = fc.oneof(
  fc.tuple(fc.constant<ColumnKind>("number"), numbers),
  fc.tuple(fc.constant<ColumnKind>("category"), categories),
);

/** Kinds and columns of `rows` rows. */
const columnsOf = (rows: number) =>
  fc.array(
    column.chain(([kind, value]) =>
      fc.array(value, { minLength: rows, maxLength: rows }).map((values) => ({
        kind,
        values: Float64Array.from(values),
      }))
    ),
    { minLength: 1, maxLength: 3 },
  );

const floats = (value: fc.Arbitrary<number>, length: number) =>
  fc.array(value, { minLength: length, maxLength: length }).map((v) => Float64Array.from(v));

const target = fc.constantFrom<fc.Arbitrary<number>>(
  fc.integer({ min: -9, max: 9 }),
  // Without numbers next to 0, whose products with a weight are 0.
  fc.double({ noNaN: true, min: -100, max: 100 }).map((x) => Math.abs(x) < 1e-200 ? 0 : x),
  fc.constantFrom(0, 1e6),
);

/** Weights over twelve powers of ten, and 0. */
const weight = fc.constantFrom<fc.Arbitrary<number>>(
  fc.constantFrom(1e-6, 1, 1e6),
  fc.constantFrom(0, 1, 2.5),
  fc.double({ noNaN: true, min: 1e-6, max: 1e6 }),
);

/** Tables of 1 to 40 rows and 1 to 3 columns, half of them with weights. */
const smallTable: fc.Arbitrary<TrainingData> = fc.integer({ min: 1, max: 40 })
  .chain((rows) =>
    fc.tuple(
      columnsOf(rows),
      target.chain((value) => floats(value, rows)),
      fc.option(weight.chain((value) => floats(value, rows)), { nil: undefined }),
    )
  )
  .filter(([, , weights]) => !weights || weights.some((value) => value > 0))
  .map(([columns, targets, weights]) => ({
    kinds: columns.map(({ kind }) => kind),
    columns: columns.map(({ values }) => values),
    targets,
    ...(weights ? { weights } : {}),
  }));

const forest = (parameters: ForestParameters = {}): Learner => ({
  algorithm: "random_forest",
  parameters,
});

const boosting = (parameters: BoostingParameters = {}): Learner => ({
  algorithm: "gradient_boosting",
  parameters: { min_samples_leaf: 1, max_leaf_nodes: null, ...parameters },
});

/** Trees of few leaves are grown best first over histograms, others whole, by sorted blocks. */
const limits = fc.record({
  max_depth: fc.option(fc.integer({ min: 1, max: 5 })),
  max_leaf_nodes: fc.option(fc.integer({ min: 2, max: 12 })),
  min_samples_leaf: fc.integer({ min: 1, max: 6 }),
});

/**
 * The limits that a table can be checked with. The best of all sets of categories is a cut of their
 * order by means (Fisher 1958), but not always the best of those with enough rows on both sides.
 */
function limitsFor<L extends { min_samples_leaf: number }>({ kinds }: TrainingData, limits: L): L {
  return kinds.includes("category") ? { ...limits, min_samples_leaf: 1 } : limits;
}

/** One learner of one whole tree each: their trees are grown on the same targets. */
const oneTree = (limits: ExactLimits): Learner[] => [
  forest({ ...limits, n_estimators: 1, bootstrap: false }),
  boosting({ ...limits, n_estimators: 1, learning_rate: 1 }),
];

const predictTable = (ensemble: Ensemble, { columns, targets }: TrainingData) =>
  targets.map((_, row) => predictPlainly(ensemble, recordAt(columns, row)));

/** Checks the trees of boosting one after the other, with the plain predictor between them. */
function checkRounds(data: TrainingData, parameters: BoostingParameters): void {
  const { ensemble } = fit(data, boosting(parameters));
  const { learning_rate = 0.1, loss = "squared_error", alpha = 0.9 } = parameters;
  const { base, leafStep } = ensemble;
  const level = loss === "quantile" ? alpha : 0.5;
  const residuals = data.targets.map((target) => target - base);
  for (const tree of plainTrees(ensemble)) {
    const rest = { ...data, targets: residuals };
    if (loss === "squared_error") {
      checkTree(tree, rest, parameters, checkMean(rest, leafStep, learning_rate));
    } else {
      const targets = residuals.map((residual) => residual > 0 ? level : level - 1);
      const check = checkQuantile(rest, leafStep, learning_rate, level);
      checkTree(tree, { ...data, targets }, parameters, check);
    }
    for (const row of residuals.keys()) {
      residuals[row] = residuals[row]! - leafValue(tree, recordAt(data.columns, row));
    }
  }
}

/** Makes a check that leaves are a quantile of their rows' targets: nothing has less pinball loss. */
function checkQuantile(
  { targets, weights }: TrainingData,
  leafStep: number,
  learningRate: number,
  level: number,
) {
  const weightOf = (row: number) => weights?.[row] ?? 1;
  return (value: number, rows: number[]) => {
    assert.ok(value % leafStep === 0, `${value} is no multiple of ${leafStep}`);
    const lossAt = (point: number) =>
      rows.reduce((sum, row) => {
        const residual = targets[row]! - point;
        return sum + weightOf(row) * (residual > 0 ? level : level - 1) * residual;
      }, 0);
    // The loss is made of straight lines that meet at the targets: it is least at one of them.
    const least = Math.min(...rows.map((row) => lossAt(targets[row]!)));
    const weight = rows.reduce((sum, row) => sum + weightOf(row), 0);
    const slack = weight * leafStep / learningRate;
    const loss = lossAt(value / learningRate);
    assert.ok(loss <= least * (1 + 1e-12) + slack, `loss of a leaf ${loss}, at best ${least}`);
  };
}

function squaredError({ targets, weights }: TrainingData, predictions: Float64Array): number {
  return targets.reduce(
    (sum, target, row) => sum + (weights?.[row] ?? 1) * (target - predictions[row]!) ** 2,
    0,
  );
}

const leavesOf = (node: ExactNode): ExactNode[] =>
  node.split ? [...leavesOf(node.left!), ...leavesOf(node.right!)] : [node];

Deno.test("fit() makes only splits as good as a brute-force search's, in the same order", () => {
  fc.assert(
    fc.property(smallTable, limits, (data, anyLimits) => {
      const limits = limitsFor(data, anyLimits);
      for (const learner of oneTree(limits)) {
        const { ensemble } = fit(data, learner);
        const targets = data.targets.map((target) => target - ensemble.base);
        const mean = exactMean(data, weightedRows(data));
        assert.ok(
          Math.abs(ensemble.base - mean) <= 1e-12 * Math.max(...data.targets.map(Math.abs)),
        );
        const grownOn = { ...data, targets };
        checkTree(plainTrees(ensemble)[0]!, grownOn, limits, checkMean(grownOn, ensemble.leafStep));
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("fit() of one split has the training error of the exact trainer's", () => {
  fc.assert(
    fc.property(smallTable, fc.integer({ min: 1, max: 4 }), (data, min_samples_leaf) => {
      const limits = limitsFor(data, { max_depth: 1, min_samples_leaf });
      const leaves = leavesOf(trainExactly(data, limits));
      const expected = leaves.reduce((sum, { rows }) => sum + exactError(data, rows), 0);
      const all = weightedRows(data);
      const weight = all.reduce((sum, row) => sum + (data.weights?.[row] ?? 1), 0);
      for (const learner of oneTree(limits)) {
        const { ensemble } = fit(data, learner);
        const error = squaredError(data, predictTable(ensemble, data));
        // A leaf off its rows' mean by half a step adds a quarter of the step's square a row.
        const slack = gainTolerance(data) + weight * ensemble.leafStep ** 2 / 4;
        assert.ok(Math.abs(error - expected) <= slack, `error ${error}, exactly ${expected}`);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("fit() makes the best splits of larger tables by histograms, blocks and pruning alike", () => {
  // 700 rows are more than a block of sorted rows; few values keep the brute-force search short.
  const { kinds, columns, targets } = signalTable(700);
  const data: TrainingData = {
    kinds,
    columns: columns.map((column, i) => i === 1 ? column : column.map((x) => Math.floor(x / 8))),
    targets,
  };
  const weights = targets.map((_, row) => 0.5 + (row * 7) % 5);
  for (
    const limits of [{}, { min_samples_leaf: 9 }, { max_leaf_nodes: 40 }, { max_leaf_nodes: 550 }]
  ) {
    for (const table of [data, { ...data, weights }]) {
      const { ensemble } = fit(table, forest({ ...limits, n_estimators: 1, bootstrap: false }));
      const grownOn = { ...table, targets: targets.map((target) => target - ensemble.base) };
      checkTree(plainTrees(ensemble)[0]!, grownOn, limits, checkMean(grownOn, ensemble.leafStep));
    }
  }
});

/** How often a forest's first tree draws each row; what it draws does not depend on the targets. */
function countDraws(rows: number, sampling: ForestParameters): number[] {
  const columns = [new Float64Array(rows)];
  const learner = forest({ ...sampling, n_estimators: 1 });
  const size = Math.max(1, Math.round((sampling.max_samples ?? 1) * rows));
  return Array.from({ length: rows }, (_, row) => {
    // Of one leaf: the share of the drawn rows that are this one.
    const targets = new Float64Array(rows);
    targets[row] = 1;
    const { ensemble } = fit({ kinds: ["number"], columns, targets }, learner);
    const count = predictEnsemble(ensemble, [Float64Array.of(0)])[0]! * size;
    assert.ok(Math.abs(count - Math.round(count)) < 0.05, `drawn ${count} times`);
    return Math.round(count);
  });
}

Deno.test("fit() of a forest grows its tree on the drawn rows, each as often as drawn", () => {
  const sampling = fc.record({
    bootstrap: fc.boolean(),
    max_samples: fc.constantFrom(1, 0.6),
    random_state: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  });
  fc.assert(
    fc.property(smallTable, limits, sampling, (data, anyLimits, sampling) => {
      const limits = limitsFor(data, anyLimits);
      const all = weightedRows(data);
      const counts = countDraws(all.length, sampling);
      assert.ok(sampling.bootstrap || Math.max(...counts) === 1);
      const drawn = counts.flatMap((count, i) => new Array<number>(count).fill(all[i]!));
      assert.equal(drawn.length, Math.max(1, Math.round(sampling.max_samples * all.length)));
      const { ensemble } = fit(data, forest({ ...limits, ...sampling, n_estimators: 1 }));
      const table = takeRows(data, drawn);
      const deviations = (table: TrainingData) => ({
        ...table,
        targets: table.targets.map((target) => target - ensemble.base),
      });
      const grownOn = deviations(table);
      checkTree(
        plainTrees(ensemble)[0]!,
        grownOn,
        limits,
        checkMean(grownOn, ensemble.leafStep),
        gainTolerance(deviations(data)),
      );
    }),
    { numRuns: 150 },
  );
});

Deno.test("fit() of boosting makes in each round the best splits and leaves for what is left over", () => {
  const parameters = fc.record({
    max_leaf_nodes: fc.option(fc.integer({ min: 2, max: 6 })),
    min_samples_leaf: fc.integer({ min: 1, max: 4 }),
    learning_rate: fc.constantFrom(1, 0.3, 0.1),
    n_estimators: fc.integer({ min: 2, max: 6 }),
    loss: fc.constantFrom("squared_error", "absolute_error", "quantile"),
    alpha: fc.constantFrom(0.5, 0.2, 0.9),
  });
  fc.assert(
    fc.property(smallTable, parameters, (data, parameters) => {
      checkRounds(data, limitsFor(data, parameters));
    }),
    { numRuns: 150 },
  );
});

Deno.test("fit() of boosting on part of the rows keeps account of what is left over of all", () => {
  // A full tree that is not shrunk leaves nothing over of the rows that it draws.
  const rows = 60;
  const data = takeRows(signalTable(200), Array.from({ length: rows }, (_, i) => i));
  data.columns.push(data.targets.map((_, row) => row));
  data.kinds.push("number");
  const parameters = { n_estimators: 6, learning_rate: 1, subsample: 0.5 };
  const { ensemble } = fit(data, boosting(parameters));
  const residuals = data.targets.map((target) => target - ensemble.base);
  for (const tree of plainTrees(ensemble)) {
    for (const row of residuals.keys()) {
      residuals[row] = residuals[row]! - leafValue(tree, recordAt(data.columns, row));
    }
    const met = residuals.filter((residual) => Math.abs(residual) <= ensemble.leafStep).length;
    assert.ok(met >= rows / 2, `${met} rows are met`);
  }
});

Deno.test("predictEnsemble() equals the plain predictor, for values never seen as well", () => {
  const value = fc.oneof(
    fc.integer({ min: -1, max: 6 }),
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 0.5, 300),
  );
  const records = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 });
  const learner = fc.constantFrom(
    forest({ n_estimators: 7 }),
    forest({ n_estimators: 3, max_depth: 2 }),
    boosting({ n_estimators: 7 }),
    boosting({ n_estimators: 5, max_leaf_nodes: 3, learning_rate: 0.7 }),
  );
  fc.assert(
    fc.property(smallTable, records, learner, (data, records, learner) => {
      const { ensemble } = fit(data, learner);
      const width = data.kinds.length;
      const columns = data.kinds.map((_, i) => Float64Array.from(records, (r) => r[i]!));
      const expected = records.map((record) => predictPlainly(ensemble, record.slice(0, width)));
      assert.deepEqual(Array.from(predictEnsemble(ensemble, columns)), expected);
    }),
    { numRuns: 300 },
  );
});

Deno.test("fit() with monotonic_cst never falls or rises where only that feature grows", () => {
  const shapes = fc.record({
    max_leaf_nodes: fc.option(fc.integer({ min: 2, max: 12 }), { nil: null }),
    max_depth: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    min_samples_leaf: fc.integer({ min: 1, max: 3 }),
    max_features: fc.constantFrom(1, 0.5),
    n_estimators: fc.integer({ min: 1, max: 6 }),
  });
  const signs = fc.array(fc.constantFrom<-1 | 1>(-1, 1), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(smallTable, shapes, signs, fc.boolean(), (data, shape, signs, isForest) => {
      const monotonic_cst = data.kinds.map((kind, i) => kind === "number" ? signs[i]! : 0);
      const parameters = { ...shape, monotonic_cst };
      const { ensemble } = fit(data, isForest ? forest(parameters) : boosting(parameters));
      for (const [feature, sign] of monotonic_cst.entries()) {
        if (sign === 0) continue;
        const values = [...new Set(data.columns[feature]!)].filter((x) => !Number.isNaN(x));
        const path = Float64Array.from([-Infinity, ...values, Infinity]).sort();
        for (const row of data.targets.keys()) {
          const columns = recordAt(data.columns, row).map((value) => path.map(() => value));
          columns[feature] = path;
          const predictions = predictEnsemble(ensemble, columns);
          for (let i = 1; i < path.length; i++) {
            const step: number = sign * (predictions[i]! - predictions[i - 1]!);
            assert.ok(step >= 0, `feature ${feature}, ${path[i - 1]} to ${path[i]}: ${step}`);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("fit() leaves out rows of weight 0: the ensemble is the same to the last bit", () => {
  fc.assert(
    fc.property(smallTable, fc.boolean(), (data, isForest) => {
      const weights = data.weights ?? data.targets.map((_, row) => row % 3);
      const kept = Array.from(weights.keys()).filter((row) => weights[row]! > 0);
      if (kept.length === 0) return;
      const learner = isForest
        ? forest({ n_estimators: 5 })
        : boosting({ n_estimators: 5, subsample: 0.7 });
      const whole = { ...data, weights };
      assert.deepEqual(fit(whole, learner), fit(takeRows(whole, kept), learner));
    }),
    { numRuns: 150 },
  );
});

Deno.test("fit() grows the same trees whatever multiple of the weights it gets", () => {
  fc.assert(
    fc.property(smallTable, fc.constantFrom(2 ** -10, 2 ** 20), (data, factor) => {
      const weights = data.weights ?? data.targets.map((_, row) => 1 + row % 3);
      for (const learner of [forest({ n_estimators: 5 }), boosting({ n_estimators: 5 })]) {
        const [a, b] = [weights, weights.map((weight) => weight * factor)]
          .map((weights) => fit({ ...data, weights }, learner).ensemble);
        assert.deepEqual(a, b);
      }
    }),
    { numRuns: 100 },
  );
});

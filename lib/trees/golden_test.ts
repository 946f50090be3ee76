import assert from "node:assert/strict";
import {
  type BoostingParameters,
  type ColumnKind,
  type Ensemble,
  fit,
  type Learner,
  predictEnsemble,
  type TrainingData,
} from "./mod.ts";
import lightgbm from "./golden/lightgbm.json" with { type: "json" };
import sklearn from "./golden/sklearn.json" with { type: "json" };
import { type ExactLimits, predictExactly, trainExactly } from "./testing/exact_trainer.ts";
import { recordAt } from "./testing/tables.ts";

/** What golden/make_*.py write; `null` is a missing value. */
interface Golden {
  train_rows: number;
  tables: Record<string, {
    kinds: string[];
    columns: (number | null)[][];
    targets: number[];
    weights: number[];
  }>;
  predictions: Record<string, number[]>;
}

interface Options {
  weighted?: boolean;
  /** The category as a number. */
  asNumbers?: boolean;
}

/** The rows of a golden table from `start` to `end`. */
function rowsOf(
  golden: Golden,
  name: string,
  { weighted, asNumbers }: Options,
  start: number,
  end: number,
): TrainingData {
  const table = golden.tables[name]!;
  const take = (values: (number | null)[]) =>
    Float64Array.from(values.slice(start, end), (value) => value ?? NaN);
  return {
    kinds: table.kinds.map((kind) => asNumbers ? "number" : kind as ColumnKind),
    columns: table.columns.map(take),
    targets: take(table.targets),
    ...(weighted ? { weights: take(table.weights) } : {}),
  };
}

/** What ours and the other library predict, for the training and for the held-out rows. */
function compare(
  golden: Golden,
  key: string,
  table: string,
  learner: Learner,
  options: Options = {},
) {
  const { train_rows } = golden;
  const train = rowsOf(golden, table, options, 0, train_rows);
  const heldOut = rowsOf(golden, table, options, train_rows, Infinity);
  const { ensemble } = fit(train, learner);
  const theirs = Float64Array.from(golden.predictions[key]!);
  const [trainParts, heldOutParts] = [train, heldOut].map(({ columns, targets }, part) => ({
    targets,
    ours: predictEnsemble(ensemble, columns),
    theirs: part === 0 ? theirs.subarray(0, train_rows) : theirs.subarray(train_rows),
  }));
  return { ensemble, train: trainParts!, heldOut: heldOutParts! };
}

function largestDifference(a: Float64Array, b: ArrayLike<number>): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

type Measure = (predictions: Float64Array, targets: Float64Array) => number;

const rmse: Measure = (predictions, targets) =>
  Math.sqrt(targets.reduce((sum, t, i) => sum + (t - predictions[i]!) ** 2, 0) / targets.length);

/** Mean pinball loss; at 0.5 half of the mean absolute error. */
const pinball = (level: number): Measure => (predictions, targets) =>
  targets.reduce((sum, target, i) => {
    const residual = target - predictions[i]!;
    return sum + (residual > 0 ? level : level - 1) * residual;
  }, 0) / targets.length;

/** Each leaf is off by half a step at most; the files store ten digits. */
function roundingOf({ combine, leafStep, roots }: Ensemble): number {
  return leafStep / 2 * (combine === "sum" ? roots.length - 1 : 1) + 1e-6;
}

/** Asserts that ours has the other library's predictions, but for the rounding of leaves. */
function assertSame(...args: Parameters<typeof compare>): void {
  const { ensemble, train, heldOut } = compare(...args);
  const allowed = roundingOf(ensemble);
  for (const [part, { ours, theirs }] of Object.entries({ train, heldOut })) {
    const difference = largestDifference(ours, theirs);
    assert.ok(difference <= allowed, `${args[1]}: ${part} differs by ${difference} > ${allowed}`);
  }
}

/**
 * Asserts the same of the training rows: the trees part them alike. Held-out values may go another
 * way where they fall between a node's values. Here a threshold lies half way between neighbours in
 * the whole table, in scikit-learn's exact trees half way between those in the node, and of equal
 * ones LightGBM may take the last.
 */
function assertSameTraining(...args: Parameters<typeof compare>): void {
  const { ensemble, train, heldOut } = compare(...args);
  const allowed = roundingOf(ensemble);
  const difference = largestDifference(train.ours, train.theirs);
  assert.ok(difference <= allowed, `${args[1]}: training differs by ${difference} > ${allowed}`);
  const share = rmse(heldOut.ours, heldOut.targets) / rmse(heldOut.theirs, heldOut.targets);
  assert.ok(Math.abs(share - 1) <= 0.1, `${args[1]}: held-out RMSE is ${share} of theirs`);
}

/** Asserts that ours errs at most 4 % more than the other library; for different definitions. */
function assertAsGood(measure: Measure, ...args: Parameters<typeof compare>): void {
  const { train, heldOut } = compare(...args);
  for (const [part, { ours, theirs, targets }] of Object.entries({ train, heldOut })) {
    const share = measure(ours, targets) / measure(theirs, targets);
    assert.ok(share <= 1.04, `${args[1]}: error on ${part} is ${share} of theirs`);
  }
}

const forest = (parameters: ExactLimits): Learner => ({
  algorithm: "random_forest",
  parameters: { n_estimators: 1, bootstrap: false, ...parameters },
});

/** Boosting as most golden files have it, with changes. */
const boosting = (changes: BoostingParameters = {}): Learner => ({
  algorithm: "gradient_boosting",
  parameters: {
    n_estimators: 10,
    learning_rate: 0.3,
    max_leaf_nodes: 6,
    min_samples_leaf: 8,
    ...changes,
  },
});
const byDepth = boosting({ max_leaf_nodes: null, max_depth: 3 });
const weighted = { weighted: true }, asNumbers = { asNumbers: true };

const trees: [string, ExactLimits, Options?][] = [
  ["tree, full", {}],
  ["tree, 9 leaves", { max_leaf_nodes: 9 }],
  ["tree, 7 rows a leaf", { min_samples_leaf: 7 }],
  ["tree, depth 4, weights", { max_depth: 4 }, weighted],
  ["tree, 12 leaves, 5 rows, weights", { max_leaf_nodes: 12, min_samples_leaf: 5 }, weighted],
  ["forest, 9 leaves", { max_leaf_nodes: 9 }],
];

Deno.test("trainExactly() predicts training rows as scikit-learn's DecisionTreeRegressor does", () => {
  const golden: Golden = sklearn;
  for (const [key, limits, options = {}] of trees) {
    const table = rowsOf(golden, "plain", options, 0, golden.train_rows);
    const tree = trainExactly(table, limits);
    const ours = table.targets.map((_, row) => predictExactly(tree, recordAt(table.columns, row)));
    const difference = largestDifference(ours, golden.predictions[key]!);
    assert.ok(difference < 1e-7, `${key}: ${difference}`);
  }
});

Deno.test("fit() of one forest tree equals scikit-learn's DecisionTreeRegressor", () => {
  for (const [key, limits, options] of trees) {
    assertSameTraining(sklearn, key, "plain", forest(limits), options);
  }
});

Deno.test("fit() of a random forest is as good as scikit-learn's, whose draws differ", () => {
  const learner: Learner = { algorithm: "random_forest", parameters: { min_samples_leaf: 2 } };
  assertAsGood(rmse, sklearn, "forest, quality", "plain", learner);
});

Deno.test("fit() of boosting equals scikit-learn's GradientBoostingRegressor for squared error", () => {
  assertSameTraining(sklearn, "boosting, squared, leaves", "plain", boosting());
  assertSameTraining(sklearn, "boosting, squared, depth", "plain", byDepth);
  assertSameTraining(sklearn, "boosting, squared, weights", "plain", boosting(), weighted);
});

Deno.test("fit() of boosting equals scikit-learn's for the other losses, with weights", () => {
  for (const loss of ["absolute_error", "huber", "quantile"] as const) {
    const alpha = loss === "huber" ? 0.83 : 0.7;
    const learner = boosting({ loss, alpha });
    assertSameTraining(sklearn, `boosting, ${loss}, weights`, "plain", learner, weighted);
  }
});

Deno.test("fit() of boosting is as good as scikit-learn's for the other losses without weights", () => {
  // The median of an even number of rows is the lower middle one there, and many splits gain the same.
  const many = { n_estimators: 60, learning_rate: 0.1 };
  for (
    const [loss, alpha, measure] of [
      ["absolute_error", 0.9, pinball(0.5)],
      ["huber", 0.83, rmse],
      ["quantile", 0.7, pinball(0.7)],
    ] as const
  ) {
    const learner = boosting({ ...many, loss, alpha });
    assertAsGood(measure, sklearn, `boosting, ${loss}, quality`, "plain", learner);
  }
});

Deno.test("fit() of boosting equals scikit-learn's HistGradientBoostingRegressor, missing values too", () => {
  const both = { ...weighted, ...asNumbers };
  assertSame(sklearn, "histogram, numbers", "plain", boosting());
  assertSameTraining(sklearn, "histogram, missing", "gaps", boosting(), asNumbers);
  assertSame(sklearn, "histogram, missing, weights", "gaps", boosting(), both);
  // Categories are in the same order there only where all have as many rows.
  const stumps = boosting({ max_leaf_nodes: 2 });
  assertSame(sklearn, "histogram, category at the root", "gaps", stumps);
});

Deno.test("fit() of boosting is as good as HistGradientBoostingRegressor where definitions differ", () => {
  // It sorts categories by gradient / (rows + 10).
  assertAsGood(rmse, sklearn, "histogram, category", "gaps", boosting());
  // With constraints it makes other trees than LightGBM after some rounds; ours are LightGBM's.
  const monotone = boosting({ monotonic_cst: [1, 0, -1] });
  assertAsGood(rmse, sklearn, "boosting, monotone", "plain", monotone);
});

Deno.test("fit() of boosting equals LightGBM: missing values, categories, weights, constraints", () => {
  // LightGBM guesses a leaf's rows from its weight, so with weights that limit is off.
  const anyLeaf = boosting({ min_samples_leaf: 1 });
  assertSameTraining(lightgbm, "numbers", "plain", boosting());
  assertSameTraining(lightgbm, "depth", "plain", byDepth);
  assertSameTraining(lightgbm, "weights", "plain", anyLeaf, weighted);
  assertSame(lightgbm, "missing", "gaps", boosting(), asNumbers);
  assertSameTraining(lightgbm, "category", "gaps", boosting());
  assertSame(lightgbm, "category, weights", "gaps", anyLeaf, weighted);
  assertSame(lightgbm, "monotone", "plain", boosting({ monotonic_cst: [1, 0, -1] }));
});

Deno.test("fit() of boosting equals LightGBM for absolute error, is as good for a quantile", () => {
  assertSameTraining(lightgbm, "l1", "plain", boosting({ loss: "absolute_error" }));
  // Its quantile of a leaf is interpolated between two rows.
  const learner = boosting({ n_estimators: 60, learning_rate: 0.1, loss: "quantile", alpha: 0.7 });
  assertAsGood(pinball(0.7), lightgbm, "quantile", "plain", learner);
});

import { LEAF } from "./ensemble.ts";
import type { TrainingData } from "./fit.ts";
import { completeBoosting, completeForest, type Learner } from "./parameters.ts";

function expect(holds: boolean, expected: string, found: unknown): asserts holds {
  if (!holds) throw new RangeError(`Expected ${expected}, but found ${found}`);
}

/** Of so many rows, weights leave targets 512 steps; see `quantize.ts`. */
const MAX_WEIGHTED_ROWS = 2 ** 22;

/** Leaves are float32, and squares of targets have to be finite. */
const MAX_TARGET = 2 ** 100;

/**
 * Checks what training rests on.
 *
 * @throws {RangeError} that says what was expected and what was found.
 */
export function checkData({ kinds, columns, targets, weights, validation }: TrainingData): void {
  const rows = targets.length;
  expect(rows > 0, "at least one row", "none");
  expect(rows < 2 ** 31, "fewer than 2^31 rows", rows);
  expect(kinds.length > 0, "at least one feature", "none");
  expect(kinds.length < LEAF, `fewer than ${LEAF} features`, kinds.length);
  for (const [i, kind] of kinds.entries()) {
    expect(["number", "category"].includes(kind), `kinds[${i}] to be "number" or "category"`, kind);
  }
  expect(!weights || rows < MAX_WEIGHTED_ROWS, "fewer than 2^22 rows with weights", rows);
  checkRows("training", kinds.length, columns, targets, weights);
  if (!validation) return;
  expect(validation.targets.length > 0, "at least one validation row", "none");
  checkRows("validation", kinds.length, validation.columns, validation.targets, validation.weights);
}

function checkRows(
  name: string,
  features: number,
  columns: Float64Array[],
  targets: Float64Array,
  weights: Float64Array | undefined,
): void {
  const rows = targets.length;
  expect(columns.length === features, `${features} ${name} columns, one a feature`, columns.length);
  for (const [i, column] of columns.entries()) {
    expect(column.length === rows, `${rows} rows in ${name} column ${i}`, column.length);
  }
  const wrong = targets.findIndex((target) => !(Math.abs(target) <= MAX_TARGET));
  expect(
    wrong < 0,
    `${name} targets between -2^100 and 2^100`,
    `${targets[wrong]} in row ${wrong}`,
  );
  if (weights) checkWeights(name, weights, rows);
}

/**
 * Checks the weights of rows.
 *
 * @param name Which weights, as the message is to call them.
 *
 * @throws {RangeError} that says what was expected and what was found.
 */
export function checkWeights(name: string, weights: Float64Array, rows: number): void {
  expect(weights.length === rows, `${rows} ${name} weights, one a row`, weights.length);
  const negative = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  expect(
    negative < 0,
    `finite ${name} weights of at least 0`,
    `${weights[negative]} in row ${negative}`,
  );
  expect(weights.some((weight) => weight > 0), `a ${name} weight above 0`, "none");
}

function isWhole(value: number, low: number, high = Infinity): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/**
 * Checks a seed.
 *
 * @throws {RangeError} that says what was expected and what was found.
 */
export function checkRandomState(random_state: number): void {
  expect(
    isWhole(random_state, 0, 2 ** 32 - 1),
    "random_state from 0 to 2^32 - 1",
    random_state,
  );
}

/**
 * Checks a learner's parameters for the data.
 *
 * @throws {RangeError} that names the parameter, what was expected and what was found.
 */
export function checkLearner(
  { algorithm, parameters }: Learner,
  { kinds, validation }: Pick<TrainingData, "kinds" | "validation">,
): void {
  const isShare = (value: number) => value > 0 && value <= 1;
  const all = algorithm === "random_forest"
    ? completeForest(parameters)
    : completeBoosting(parameters);
  const names = new Set([
    ...Object.keys(algorithm === "random_forest" ? completeForest({}) : completeBoosting({})),
    "monotonic_cst",
  ]);
  const unknown = Object.keys(parameters).find((name) => !names.has(name));
  expect(unknown === undefined, `parameters among ${[...names].join(", ")}`, unknown);
  const whole = { n_estimators: 1, max_depth: 1, max_leaf_nodes: 2, min_samples_leaf: 1 };
  for (const [name, low] of Object.entries(whole)) {
    const value = all[name as keyof typeof whole];
    if (value === null && (name === "max_depth" || name === "max_leaf_nodes")) continue;
    expect(isWhole(value!, low), `${name} to be a whole number of at least ${low}`, value);
  }
  expect(isShare(all.max_features), "max_features above 0 and at most 1", all.max_features);
  expect(isWhole(all.max_bins, 2, 255), "max_bins from 2 to 255", all.max_bins);
  checkRandomState(all.random_state);
  if (algorithm === "random_forest") {
    const { max_samples } = completeForest(parameters);
    expect(isShare(max_samples), "max_samples above 0 and at most 1", max_samples);
  } else {
    const { alpha, learning_rate, subsample, n_iter_no_change, tol, loss } = completeBoosting(
      parameters,
    );
    const losses = ["squared_error", "absolute_error", "huber", "quantile"];
    expect(losses.includes(loss), `loss to be one of ${losses.join(", ")}`, loss);
    expect(alpha > 0 && alpha < 1, "alpha above 0 and below 1", alpha);
    expect(isShare(learning_rate), "learning_rate above 0 and at most 1", learning_rate);
    expect(isShare(subsample), "subsample above 0 and at most 1", subsample);
    expect(tol >= 0 && Number.isFinite(tol), "tol of at least 0", tol);
    expect(
      n_iter_no_change === null || validation !== undefined,
      "validation rows with n_iter_no_change",
      "none",
    );
    expect(
      n_iter_no_change === null || isWhole(n_iter_no_change, 1),
      "n_iter_no_change to be null or a whole number of at least 1",
      n_iter_no_change,
    );
  }
  const signs = all.monotonic_cst;
  if (!signs) return;
  expect(signs.length === kinds.length, `${kinds.length} signs in monotonic_cst`, signs.length);
  for (const [i, sign] of signs.entries()) {
    expect([-1, 0, 1].includes(sign), `monotonic_cst[${i}] to be -1, 0 or 1`, sign);
    expect(sign === 0 || kinds[i] === "number", `monotonic_cst[${i}] of a number`, "a category");
  }
  expect(
    algorithm === "random_forest" || completeBoosting(parameters).loss === "squared_error" ||
      signs.every((sign) => sign === 0),
    'loss "squared_error" with monotonic_cst',
    "loss" in all && all.loss,
  );
}

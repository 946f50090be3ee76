import { type BinnedTable, binTable } from "./binned_table.ts";
import type { ColumnKind } from "./binning.ts";
import {
  type Boosted,
  type BoostingData,
  growBoosting,
  prepareBoosting,
  type TrainingRows,
  type ValidationRows,
} from "./boosting.ts";
import { checkData, checkLearner } from "./check.ts";
import { type Ensemble, gainImportance, joinTrees, type Tree } from "./ensemble.ts";
import { createForestGrower, type ForestData, type OutOfBag, prepareForest } from "./forest.ts";
import { completeBoosting, completeForest, type Learner } from "./parameters.ts";

/** What to learn from. */
export interface TrainingData {
  /** Kind of each column. */
  kinds: ColumnKind[];
  /** One array a feature, `targets.length` long; NaN is missing. */
  columns: Float64Array[];
  /** What to predict; finite. */
  targets: Float64Array;
  /** How much each row counts, at least 0; rows of weight 0 are left out. */
  weights?: Float64Array;
  /** Rows held back, on which boosting measures its loss after each round. */
  validation?: ValidationRows;
}

/** What training gives. */
export interface Fitted {
  ensemble: Ensemble;
  /** Each feature's share of the gain; see {@linkcode gainImportance}. */
  importance: Float64Array;
  /** A forest's forecasts of its own training rows, where `oob_score` is set. */
  oob?: OutOfBagScore;
  /**
   * Boosting's mean loss a validation row after each round, where there are any: squared or absolute
   * errors and the like, not their root.
   */
  validationLoss?: Float64Array;
}

/** How a forest forecasts rows by the trees that did not draw them: an honest error for nothing. */
export interface OutOfBagScore {
  /** One a training row; NaN where every tree drew it, and where its weight is 0. */
  predictions: Float64Array;
  /** In the targets' unit, over the rows with a prediction; NaN where there are none. */
  rmse: number;
  /** 1 less the squared errors' share of the targets' squared distances from their mean. */
  r2: number;
}

/** Training rows, checked and without those of weight 0. */
export interface PreparedData extends TrainingRows {
  kinds: ColumnKind[];
  columns: Float64Array[];
  /** The rows' numbers in what was given, where some were left out. */
  kept: Uint32Array | undefined;
}

/** Checks data and learners, and leaves out rows of weight 0. */
export function prepareData(data: TrainingData, learners: Learner[]): PreparedData {
  checkData(data);
  for (const learner of learners) checkLearner(learner, data);
  const { kinds, columns, targets, validation } = data;
  const weights = data.weights && scaleWeights(data.weights);
  const kept = weights?.some((weight) => weight === 0)
    ? Uint32Array.from(weights.keys()).filter((row) => weights[row]! > 0)
    : undefined;
  const take = (values: Float64Array) =>
    kept ? Float64Array.from(kept, (row) => values[row]!) : values;
  return {
    kinds,
    columns: columns.map(take),
    targets: take(targets),
    weights: weights && share(take(weights)),
    validation: validation?.weights
      ? { ...validation, weights: scaleWeights(validation.weights) }
      : validation,
    kept,
  };
}

/**
 * Weights from 0 to 2, of which no sum or product can overflow. Only their ratios count, and a power
 * of two leaves these as they are.
 */
function scaleWeights(weights: Float64Array): Float64Array {
  const highest = weights.reduce((a, b) => Math.max(a, b), 0);
  // The logarithm of the largest numbers is rounded up to 1024.
  const unit = 2 ** Math.min(1023, Math.floor(Math.log2(highest)));
  return weights.map((weight) => weight / unit);
}

function share(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.length * 8));
  shared.set(values);
  return shared;
}

/** The prepared data's table for each number of bins that learners ask for. */
export function binForLearners(data: PreparedData, learners: Learner[]): BinnedTable[] {
  const byBins = new Map<number, BinnedTable>();
  return learners.map(({ parameters: { max_bins = 255 } }) => {
    const table = byBins.get(max_bins) ?? binTable(data.kinds, data.columns, max_bins);
    byBins.set(max_bins, table);
    return table;
  });
}

/** A learner with its data, ready to be sent to workers: what is large stands in shared memory. */
export type Plan =
  | { algorithm: "random_forest"; data: ForestData; base: number }
  | { algorithm: "gradient_boosting"; data: BoostingData };

/** Fills in a learner's defaults, and prepares what it learns from. */
export function planLearner(
  { algorithm, parameters }: Learner,
  table: BinnedTable,
  prepared: PreparedData,
): Plan {
  if (algorithm === "gradient_boosting") {
    return { algorithm, data: prepareBoosting(table, prepared, completeBoosting(parameters)) };
  }
  const { targets, weights } = prepared;
  return { algorithm, ...prepareForest(table, targets, weights, completeForest(parameters)) };
}

/** Memory for what a forest's trees say of the rows they did not draw, where that is wanted. */
export function createOutOfBag(plan: Plan): OutOfBag | undefined {
  if (plan.algorithm === "gradient_boosting" || !plan.data.parameters.oob_score) return undefined;
  const { rows } = plan.data.table;
  return {
    sums: new Float64Array(new SharedArrayBuffer(rows * 8)),
    counts: new Uint32Array(new SharedArrayBuffer(rows * 4)),
  };
}

/** What boosting has come to. */
export function finishBoosting(
  { table, base, leafStep }: BoostingData,
  { trees, validationLoss }: Boosted,
): Fitted {
  const fitted = assemble("sum", table, { trees, base, leafStep });
  return validationLoss ? { ...fitted, validationLoss } : fitted;
}

/**
 * What a forest has come to.
 *
 * @param trees In the order of their numbers.
 * @param outOfBag What each worker's trees said of rows they did not draw; empty where not wanted.
 * @param rows Of the training data, those of weight 0 included.
 */
export function finishForest(
  { base, data: { table, leafStep } }: Plan & { algorithm: "random_forest" },
  trees: Tree[],
  outOfBag: OutOfBag[],
  prepared: PreparedData,
  rows: number,
): Fitted {
  const fitted = assemble("mean", table, { trees, base, leafStep });
  if (outOfBag.length === 0) return fitted;
  return { ...fitted, oob: scoreOutOfBag(outOfBag, base, prepared, rows) };
}

function assemble(
  combine: Ensemble["combine"],
  table: BinnedTable,
  { trees, base, leafStep }: { trees: Tree[]; base: number; leafStep: number },
): Fitted {
  return {
    ensemble: {
      combine,
      base,
      leafStep,
      features: table.features,
      ...joinTrees(trees, table.features),
    },
    importance: gainImportance(trees, table.features.length),
  };
}

/** What the parts of a forest's out-of-bag forecasts come to. */
function scoreOutOfBag(
  parts: OutOfBag[],
  base: number,
  { targets, kept }: PreparedData,
  rows: number,
): OutOfBagScore {
  const predictions = new Float64Array(rows).fill(NaN);
  let count = 0, mean = 0;
  for (let row = 0; row < targets.length; row++) {
    let sum = 0, trees = 0;
    // Leaves are multiples of one power of two, so that sums are exact in any order.
    for (const part of parts) {
      sum += part.sums[row]!;
      trees += part.counts[row]!;
    }
    if (trees === 0) continue;
    predictions[kept ? kept[row]! : row] = base + sum / trees;
    count++;
    mean += targets[row]!;
  }
  mean /= count;
  let errors = 0, squares = 0;
  for (let row = 0; row < targets.length; row++) {
    const prediction = predictions[kept ? kept[row]! : row]!;
    if (Number.isNaN(prediction)) continue;
    errors += (targets[row]! - prediction) ** 2;
    squares += (targets[row]! - mean) ** 2;
  }
  return { predictions, rmse: Math.sqrt(errors / count), r2: 1 - errors / squares };
}

/**
 * Trains one learner on this thread. {@linkcode fitInWorkers} gives the same with all cores.
 *
 * @throws {RangeError} where the data or a parameter is not what training can use.
 *
 * @example
 * ```ts
 * import { fit, predictEnsemble } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v * v) };
 * const { ensemble } = fit(data, { algorithm: "random_forest", parameters: { n_estimators: 20 } });
 * console.log(predictEnsemble(ensemble, [Float64Array.of(50)])); // about 2500
 * ```
 */
export function fit(data: TrainingData, learner: Learner): Fitted {
  const prepared = prepareData(data, [learner]);
  const table = binForLearners(prepared, [learner])[0]!;
  const plan = planLearner(learner, table, prepared);
  if (plan.algorithm === "gradient_boosting") {
    return finishBoosting(plan.data, growBoosting(plan.data));
  }
  const outOfBag = createOutOfBag(plan);
  const growTree = createForestGrower(plan.data, outOfBag);
  const { n_estimators } = plan.data.parameters;
  const trees = Array.from({ length: n_estimators }, (_, index) => growTree(index));
  return finishForest(plan, trees, outOfBag ? [outOfBag] : [], prepared, data.targets.length);
}

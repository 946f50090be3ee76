import { binColumns, type BinnedTable, type ColumnKind, findBins } from "./binning.ts";
import { type BoostingParameters, growBoosting } from "./boosting.ts";
import { type Ensemble, gainImportance, joinTrees, LEAF, type Tree } from "./ensemble.ts";
import { type ForestParameters, growForestTree } from "./forest.ts";

/** What to learn from. */
export interface TrainingData {
  /** Kind of each column. */
  kinds: ColumnKind[];
  /** One array a feature, `targets.length` long; NaN is missing. */
  columns: Float64Array[];
  /** What to predict; finite. */
  targets: Float64Array;
}

/** Which learner to train, and how. */
export type Learner =
  | { algorithm: "random_forest"; parameters: ForestParameters }
  | { algorithm: "gradient_boosting"; parameters: BoostingParameters };

/** What training gives. */
export interface Fitted {
  ensemble: Ensemble;
  /** Each feature's share of the gain; see {@linkcode gainImportance}. */
  importance: Float64Array;
}

/** Bins `data` as a learner with `maxBins` wants it. */
export function binTrainingData(data: TrainingData, maxBins: number): BinnedTable {
  if (data.targets.length === 0) throw new RangeError("Expected at least one row, but found none");
  if (data.kinds.length >= LEAF) {
    throw new RangeError(`Expected fewer than ${LEAF} features, but found ${data.kinds.length}`);
  }
  const features = data.kinds.map((kind, i) => findBins(kind, data.columns[i]!, maxBins));
  return binColumns(features, data.columns, { shared: true });
}

/** Puts a learner's trees together, `trees` in the order of their numbers. */
export function assemble(
  learner: Learner,
  table: BinnedTable,
  trees: Tree[],
  base: number,
): Fitted {
  return {
    ensemble: {
      combine: learner.algorithm === "random_forest" ? "mean" : "sum",
      base,
      features: table.features,
      ...joinTrees(trees),
    },
    importance: gainImportance(trees, table.features.length),
  };
}

/**
 * Trains one learner on this thread. {@linkcode fitInWorkers} gives the same with all cores.
 *
 * @throws {RangeError} where there are no rows, or more features than a tree can name.
 *
 * @example
 * ```ts
 * import { fit, predictEnsemble } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v * v) };
 * const { ensemble } = fit(data, {
 *   algorithm: "random_forest",
 *   parameters: {
 *     n_estimators: 20, max_depth: null, max_leaf_nodes: null, min_samples_leaf: 1,
 *     max_features: 1, max_samples: 1, max_bins: 255, seed: 1,
 *   },
 * });
 * console.log(predictEnsemble(ensemble, [Float64Array.of(50)])); // about 2500
 * ```
 */
export function fit(data: TrainingData, learner: Learner): Fitted {
  const table = binTrainingData(data, learner.parameters.max_bins);
  if (learner.algorithm === "gradient_boosting") {
    const { base, trees } = growBoosting(table, data.targets, learner.parameters);
    return assemble(learner, table, trees, base);
  }
  const trees = Array.from(
    { length: learner.parameters.n_estimators },
    (_, index) => growForestTree(table, data.targets, learner.parameters, index),
  );
  return assemble(learner, table, trees, 0);
}

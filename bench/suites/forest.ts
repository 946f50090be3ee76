import type { ForestParameters } from "../../lib/trees/mod.ts";
import { FOREST } from "../learners.ts";
import { type Case, comparisonSuite, type FitInput } from "../compare.ts";

const CATEGORIES: FitInput = { categories: true, fill: false };
const NUMBERS: FitInput = { categories: false, fill: false };
const TREES = 10, MORE_TREES = 40, MOST_LEAVES = 20_000, MAX_BINS = 255;

/** Of n rows drawn with replacement so many are different: 1 - 1/e. */
const DIFFERENT = 0.632;

/** Random forest against scikit-learn's, and against XGBoost's and LightGBM's. */
export const forest = comparisonSuite(
  "random forest against scikit-learn's, XGBoost's and LightGBM's",
  () => [1, 2].flatMap((threads) => [...sklearn(threads), ...limited(threads)]),
);

/** More trees on two threads, each of which pays for its own compiler on the first few. */
export const forestOfMore = comparisonSuite(
  "random forest of more trees against scikit-learn's",
  () => sklearn(2, MORE_TREES),
);

function sklearn(threads: number, trees = TREES): Case[] {
  const full: ForestParameters = { n_estimators: trees };
  const byDefault = {
    ...FOREST.parameters,
    n_estimators: trees,
  };
  const compare = (workload: string, parameters: ForestParameters, input: FitInput): Case => ({
    workload,
    threads,
    target: 1 / 5,
    ours: { ...input, learner: { algorithm: "random_forest", parameters } },
    peer: {
      ...NUMBERS,
      name: "RandomForestRegressor",
      task: "random_forest",
      parameters: sklearnParameters(parameters),
    },
  });
  return [
    compare(`${trees} trees without limits`, full, CATEGORIES),
    compare(`${trees} trees without limits`, full, NUMBERS),
    compare(`${trees} trees of at most 7,000 leaves`, byDefault, CATEGORIES),
  ];
}

/** The same parameters under the same names; rows are drawn without replacement here alone. */
function sklearnParameters(parameters: ForestParameters): object {
  const { max_depth = null, max_leaf_nodes = null, min_samples_leaf = 1 } = parameters;
  const { n_estimators, max_features = 1, max_samples = 1, bootstrap = true } = parameters;
  return {
    n_estimators,
    max_depth,
    max_leaf_nodes,
    min_samples_leaf,
    max_features,
    bootstrap: bootstrap || max_samples < 1,
    max_samples: max_samples < 1 ? max_samples : null,
  };
}

function limited(threads: number): Case[] {
  const workload = `${TREES} trees of at most ${MOST_LEAVES.toLocaleString("en")} leaves`;
  const ours: Case["ours"] = {
    ...CATEGORIES,
    learner: {
      algorithm: "random_forest",
      parameters: {
        n_estimators: TREES,
        max_leaf_nodes: MOST_LEAVES,
        min_samples_leaf: 1,
        max_bins: MAX_BINS,
        // Both others draw without replacement.
        bootstrap: false,
        max_samples: DIFFERENT,
      },
    },
  };
  return [
    {
      workload,
      threads,
      target: 1,
      ours,
      peer: {
        ...CATEGORIES,
        name: "XGBoost",
        task: "xgboost",
        parameters: {
          num_parallel_tree: TREES,
          max_leaves: MOST_LEAVES,
          max_depth: 0,
          grow_policy: "lossguide",
          tree_method: "hist",
          max_bin: MAX_BINS,
          min_child_weight: 1,
          subsample: DIFFERENT,
          learning_rate: 1,
          // No shrinking of leaves: a forest has none.
          lambda: 0,
        },
      },
    },
    {
      workload,
      threads,
      target: 1,
      ours,
      peer: {
        ...CATEGORIES,
        name: "LightGBM",
        task: "lightgbm",
        parameters: {
          boosting: "rf",
          objective: "regression",
          num_iterations: TREES,
          num_leaves: MOST_LEAVES,
          min_data_in_leaf: 1,
          max_bin: MAX_BINS,
          bagging_freq: 1,
          bagging_fraction: DIFFERENT,
        },
      },
    },
  ];
}

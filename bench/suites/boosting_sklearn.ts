import { comparisonSuite } from "../compare.ts";

const TREES = 100, DEPTH = 3;

/** Gradient boosting against scikit-learn's exact one, which takes over a minute a fit. */
export const boostingSklearn = comparisonSuite(
  "gradient boosting against scikit-learn's GradientBoostingRegressor (slow)",
  () => [{
    workload: `${TREES} trees of depth ${DEPTH}`,
    threads: 1,
    target: 1 / 25,
    ours: {
      categories: true,
      fill: false,
      learner: {
        algorithm: "gradient_boosting",
        parameters: {
          n_estimators: TREES,
          max_depth: DEPTH,
          max_leaf_nodes: null,
          min_samples_leaf: 1,
          learning_rate: 0.1,
        },
      },
    },
    peer: {
      name: "GradientBoostingRegressor",
      task: "gradient_boosting",
      // It takes neither categories nor missing values.
      categories: false,
      fill: true,
      parameters: { n_estimators: TREES, max_depth: DEPTH, learning_rate: 0.1 },
    },
  }],
);

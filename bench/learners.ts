import type { Learner } from "../lib/trees/mod.ts";

/** A forest as large as a file of a few MB holds. */
export const FOREST: Learner & { algorithm: "random_forest" } = {
  algorithm: "random_forest",
  parameters: {
    n_estimators: 100,
    max_leaf_nodes: 7000,
    min_samples_leaf: 3,
    max_features: 1,
    bootstrap: true,
    random_state: 42,
  },
};

/** Boosting as it is usual on tables of this size. */
export const BOOSTING: Learner & { algorithm: "gradient_boosting" } = {
  algorithm: "gradient_boosting",
  parameters: {
    n_estimators: 400,
    learning_rate: 0.1,
    max_leaf_nodes: 63,
    min_samples_leaf: 20,
    random_state: 42,
  },
};

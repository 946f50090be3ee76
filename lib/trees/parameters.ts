/** Parameters that all learners have, with scikit-learn's names and meanings. */
export interface TreeParameters {
  /** Number of trees, 1 or more; default 100. */
  n_estimators?: number;
  /** Most splits between root and leaf, 1 or more; `null`, the default, for no limit. */
  max_depth?: number | null;
  /** Most leaves, 2 or more; `null` for no limit. Default: forest `null`, boosting 31. */
  max_leaf_nodes?: number | null;
  /** Rows that each leaf holds at least, repeats counted. Default: forest 1, boosting 20. */
  min_samples_leaf?: number;
  /** Share of the features that each split looks at, above 0 to 1; default 1. */
  max_features?: number;
  /** Most bins of a feature besides that of missing values, 2 to 255; default 255. */
  max_bins?: number;
  /**
   * For each feature: 1 where the forecast must not fall as it grows, -1 not rise, 0 either.
   * Default: 0 for all. Only for numbers, in forests and boosting with squared error.
   */
  monotonic_cst?: (-1 | 0 | 1)[];
  /** Seed of all that is drawn by chance, 0 to 2^32 - 1; default 0. */
  random_state?: number;
}

/** Parameters of a random forest. */
export interface ForestParameters extends TreeParameters {
  /** Whether each tree's rows are drawn with replacement; default true. */
  bootstrap?: boolean;
  /** Rows drawn for each tree, as a share of all, above 0 to 1; default 1. */
  max_samples?: number;
  /** Whether to forecast each row by the trees that did not draw it; default false. */
  oob_score?: boolean;
}

/** What boosting makes small. */
export type Loss = "squared_error" | "absolute_error" | "huber" | "quantile";

/** Parameters of gradient boosting. */
export interface BoostingParameters extends TreeParameters {
  /** Default "squared_error". */
  loss?: Loss;
  /**
   * Loss "quantile": the level, above 0 and below 1. Loss "huber": the share of residuals that
   * count squared; the larger ones count by their size. Default 0.9.
   */
  alpha?: number;
  /** What each tree's leaves are multiplied by, above 0 to 1; default 0.1. */
  learning_rate?: number;
  /** Rows drawn without replacement for each tree, as a share of all, above 0 to 1; default 1. */
  subsample?: number;
  /**
   * Stop after so many rounds in which the loss on the validation set fell by less than `tol` of
   * itself, and keep the trees up to the best; `null`, the default: never.
   */
  n_iter_no_change?: number | null;
  /** See `n_iter_no_change`: a share of the lowest loss so far, 0 or more; default 1e-7. */
  tol?: number;
}

/** Which learner to train, and how. */
export type Learner =
  | { algorithm: "random_forest"; parameters: ForestParameters }
  | { algorithm: "gradient_boosting"; parameters: BoostingParameters };

type Complete<P> = Required<Omit<P, "monotonic_cst">> & Pick<TreeParameters, "monotonic_cst">;

/** Forest parameters with the defaults filled in. */
export type CompleteForest = Complete<ForestParameters>;

/** Boosting parameters with the defaults filled in. */
export type CompleteBoosting = Complete<BoostingParameters>;

const tree = {
  n_estimators: 100,
  max_depth: null,
  max_features: 1,
  max_bins: 255,
  random_state: 0,
};

/** Fills in the defaults. */
export function completeForest(parameters: ForestParameters): CompleteForest {
  return {
    ...tree,
    max_leaf_nodes: null,
    min_samples_leaf: 1,
    bootstrap: true,
    max_samples: 1,
    oob_score: false,
    ...parameters,
  };
}

/** Fills in the defaults. */
export function completeBoosting(parameters: BoostingParameters): CompleteBoosting {
  return {
    ...tree,
    max_leaf_nodes: 31,
    min_samples_leaf: 20,
    loss: "squared_error",
    alpha: 0.9,
    learning_rate: 0.1,
    subsample: 1,
    n_iter_no_change: null,
    tol: 1e-7,
    ...parameters,
  };
}

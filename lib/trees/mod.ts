/**
 * Tree ensembles for regression over typed arrays: random forest and gradient boosting on
 * histograms, with sample weights, missing values and categories as they are.
 *
 * @module
 */
export { type ColumnKind, type FeatureBins, missingBin } from "./binning.ts";
export { combineEnsembles, type WeightedEnsemble } from "./combine.ts";
export { type Ensemble, LEAF, MISSING_LEFT, type Nodes, setBytes } from "./ensemble.ts";
export type { ValidationRows } from "./boosting.ts";
export { fit, type Fitted, type OutOfBagScore, type TrainingData } from "./fit.ts";
export type {
  BoostingParameters,
  ForestParameters,
  Learner,
  Loss,
  TreeParameters,
} from "./parameters.ts";
export { fitInWorkers, type ParallelOptions } from "./parallel.ts";
export { permutationImportance, type PermutationOptions } from "./permutation_importance.ts";
export { predictEnsemble } from "./predict.ts";
export { stagedPredict } from "./staged.ts";
export { type TreeShap, treeShap } from "./tree_shap.ts";

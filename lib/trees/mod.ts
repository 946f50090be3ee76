/**
 * Tree ensembles for regression over typed arrays: random forest and gradient boosting on
 * histograms, with missing values and categories as they are.
 *
 * @module
 */
export { type ColumnKind, type FeatureBins, missingBin } from "./binning.ts";
export type { BoostingParameters } from "./boosting.ts";
export { type Ensemble, joinTrees, LEAF, MISSING_LEFT, type Nodes, SET_WORDS } from "./ensemble.ts";
export { fit, type Fitted, type Learner, type TrainingData } from "./fit.ts";
export type { ForestParameters } from "./forest.ts";
export { fitInWorkers, type ParallelOptions } from "./parallel.ts";
export { predictEnsemble } from "./predict.ts";

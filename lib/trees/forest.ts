import type { BinnedTable } from "./binning.ts";
import type { Tree } from "./ensemble.ts";
import { growTree } from "./grow.ts";
import { createRandom } from "./random.ts";

/** Parameters of a random forest, with scikit-learn's names. */
export interface ForestParameters {
  n_estimators: number;
  /** `null`: no limit. */
  max_depth: number | null;
  /** `null`: no limit. */
  max_leaf_nodes: number | null;
  min_samples_leaf: number;
  /** Share of the features each split looks at, above 0 to 1. */
  max_features: number;
  /** Rows drawn with replacement for each tree, as a share of all, above 0 to 1. */
  max_samples: number;
  max_bins: number;
  /** 0 to 2^32 - 1. */
  seed: number;
}

/**
 * Grows tree number `index` of a random forest (Breiman 2001). A tree depends on nothing but the
 * data, the parameters and its number, so any worker may grow it.
 */
export function growForestTree(
  table: BinnedTable,
  targets: Float64Array,
  parameters: ForestParameters,
  index: number,
): Tree {
  const random = createRandom(parameters.seed, index);
  const drawn = new Uint32Array(Math.max(1, Math.round(parameters.max_samples * table.rows)));
  for (let i = 0; i < drawn.length; i++) drawn[i] = random.integer(table.rows);
  // In row order, memory is read from front to back.
  drawn.sort();
  return growTree(table, targets, drawn, {
    maxDepth: parameters.max_depth ?? Infinity,
    maxLeafNodes: parameters.max_leaf_nodes ?? Infinity,
    minSamplesLeaf: parameters.min_samples_leaf,
    maxFeatures: Math.max(1, Math.round(parameters.max_features * table.features.length)),
    learningRate: 1,
  }, random);
}

import type { BinnedTable } from "./binning.ts";
import type { Tree } from "./ensemble.ts";
import type { ForestParameters } from "./forest.ts";
import { growTree } from "./grow.ts";
import { leafOf } from "./predict.ts";
import { createRandom } from "./random.ts";

/**
 * Parameters of gradient boosting: as for the forest, but `max_samples` rows are drawn without
 * replacement.
 */
export interface BoostingParameters extends ForestParameters {
  /** Above 0 to 1. */
  learning_rate: number;
}

/**
 * Gradient boosting with squared loss (Friedman 2001): each tree is grown, best split first, on what
 * the trees before it left over.
 *
 * @param onTree Called after each tree with the number of trees so far.
 * @returns The trees, and `base`, the mean target, to which their leaves are added.
 */
export function growBoosting(
  table: BinnedTable,
  targets: Float64Array,
  parameters: BoostingParameters,
  onTree: (done: number) => void = () => {},
): { base: number; trees: Tree[] } {
  const { rows } = table;
  const base = targets.reduce((sum, target) => sum + target, 0) / rows;
  const residuals = targets.map((target) => target - base);
  const random = createRandom(parameters.seed);
  const sampleSize = Math.max(1, Math.round(parameters.max_samples * rows));
  const options = {
    maxDepth: parameters.max_depth ?? Infinity,
    maxLeafNodes: parameters.max_leaf_nodes ?? Infinity,
    minSamplesLeaf: parameters.min_samples_leaf,
    maxFeatures: Math.max(1, Math.round(parameters.max_features * table.features.length)),
    learningRate: parameters.learning_rate,
  };
  const everyRow = random.shuffle(rows, 0);
  const trees: Tree[] = [];
  while (trees.length < parameters.n_estimators) {
    const rowNumbers = sampleSize < rows ? random.shuffle(rows, sampleSize) : everyRow.slice();
    // In row order, memory is read from front to back.
    const order = rowNumbers.subarray(0, sampleSize).sort();
    const tree = growTree(table, residuals, order, options, random, (value, start, end) => {
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        residuals[row] = residuals[row]! - value;
      }
    });
    for (const row of rowNumbers.subarray(sampleSize)) {
      residuals[row] = residuals[row]! -
        tree.value[leafOf(tree, table.features, table.bins, row * table.features.length)]!;
    }
    trees.push(tree);
    onTree(trees.length);
  }
  return { base, trees };
}

import { binColumns, type FeatureBins, missingBin } from "./binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT, type Nodes, SET_WORDS } from "./ensemble.ts";

/**
 * The leaf that a row falls into.
 *
 * @param nodes A tree, or several with `root` and `firstSet` saying where the tree begins.
 * @param bins Bins of the row's features, from `base` on.
 * @returns Index of the leaf in `nodes`.
 */
export function leafOf(
  nodes: Nodes,
  features: FeatureBins[],
  bins: Uint8Array,
  base: number,
  root = 0,
  firstSet = 0,
): number {
  let node = root;
  for (;;) {
    const index = nodes.feature[node]!;
    if (index === LEAF) return node;
    const feature = features[index]!;
    const bin = bins[base + index]!;
    const split = nodes.split[node]!;
    let left: boolean;
    if (feature.kind === "category") {
      const word = nodes.sets[(firstSet + split) * SET_WORDS + (bin >>> 5)]!;
      left = (word >>> (bin & 31) & 1) === 1;
    } else if (bin === missingBin(feature)) left = split >= MISSING_LEFT;
    else left = bin <= (split & 255);
    node = left ? node + 1 : root + nodes.right[node]!;
  }
}

/** Rows predicted at a time, so that their bins stay in the processor's cache. */
const BATCH = 4096;

/**
 * Predictions for a table of any length; a row's answer does not depend on the other rows.
 *
 * @param columns One array a feature, in the ensemble's order; NaN is missing.
 *
 * @example
 * ```ts
 * import { fit, predictEnsemble } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v > 50 ? 1 : 0) };
 * const { ensemble } = fit(data, {
 *   algorithm: "gradient_boosting",
 *   parameters: {
 *     n_estimators: 50, learning_rate: 0.3, max_depth: null, max_leaf_nodes: 8, seed: 1,
 *     min_samples_leaf: 5, max_features: 1, max_samples: 1, max_bins: 255,
 *   },
 * });
 * console.log(predictEnsemble(ensemble, [Float64Array.of(3, 99)])); // about 0 and 1
 * ```
 */
export function predictEnsemble(ensemble: Ensemble, columns: Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const result = new Float64Array(rows);
  for (let start = 0; start < rows; start += BATCH) {
    const batch = columns.map((column) => column.subarray(start, start + BATCH));
    predictBatch(ensemble, batch, result.subarray(start, start + BATCH));
  }
  return result;
}

function predictBatch(ensemble: Ensemble, columns: Float64Array[], result: Float64Array): void {
  const { features, nodes, roots, firstSets } = ensemble;
  const { bins } = binColumns(features, columns);
  const trees = roots.length - 1;
  for (let tree = 0; tree < trees; tree++) {
    const root = roots[tree]!, firstSet = firstSets[tree]!;
    for (let row = 0; row < result.length; row++) {
      const leaf = leafOf(nodes, features, bins, row * features.length, root, firstSet);
      result[row] = result[row]! + nodes.value[leaf]!;
    }
  }
  const divisor = ensemble.combine === "mean" ? trees : 1;
  for (let row = 0; row < result.length; row++) {
    result[row] = ensemble.base + result[row]! / divisor;
  }
}

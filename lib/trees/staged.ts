import type { Ensemble } from "./ensemble.ts";
import { binRows, countRows } from "./predict.ts";
import { walkerOf } from "./walker.ts";

/**
 * Predictions of a table after each tree: by the first one, by the first two, and so on to those of
 * {@linkcode predictEnsemble}, in one pass over the trees. A mean of trees is that of the trees so
 * far.
 *
 * @param columns One array a feature, in the ensemble's order; NaN is missing.
 * @returns One number a row, in the targets' unit. It is the same array each time, filled anew: copy
 *   what should last.
 * @throws {RangeError} where there are not as many columns as features, all of one length.
 *
 * @see `staged_predict` of scikit-learn's gradient boosting.
 *
 * @example
 * ```ts
 * import { fit, stagedPredict } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v > 50 ? 1 : 0) };
 * const { ensemble } = fit(data, { algorithm: "gradient_boosting", parameters: {} });
 * // From about 0.5 to about 1.
 * for (const [value] of stagedPredict(ensemble, [Float64Array.of(99)])) console.log(value);
 * ```
 */
export function* stagedPredict(
  ensemble: Ensemble,
  columns: Float64Array[],
): Generator<Float64Array, void, undefined> {
  const { roots, base, combine } = ensemble;
  const rows = countRows(ensemble, columns);
  const { width, addTree } = walkerOf(ensemble);
  const bins = new Uint8Array(width * rows);
  binRows(ensemble, columns, 0, rows, bins);
  const sums = new Float64Array(rows), result = new Float64Array(rows);
  for (let tree = 0; tree < roots.length - 1; tree++) {
    addTree(tree, bins, sums);
    const divisor = combine === "mean" ? tree + 1 : 1;
    for (let row = 0; row < rows; row++) result[row] = base + sums[row]! / divisor;
    yield result;
  }
}

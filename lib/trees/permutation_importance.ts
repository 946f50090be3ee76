import { checkRandomState, checkWeights } from "./check.ts";
import type { Ensemble } from "./ensemble.ts";
import { meanOf } from "./mean.ts";
import { predictEnsemble } from "./predict.ts";
import { createRandom } from "./random.ts";

/** Options of {@linkcode permutationImportance}. */
export interface PermutationOptions {
  /** How often each feature is shuffled, 1 or more; default 5. */
  n_repeats?: number;
  /** Seed of the shuffling, 0 to 2^32 - 1; default 0. */
  random_state?: number;
  /** How much each row counts, at least 0, one number a row. */
  weights?: Float64Array;
}

/**
 * How much a model's forecasts of given rows rest on each feature: by how much the RMSE rises, on
 * average, when the feature's values are shuffled among the rows (Breiman 2001). About 0, or a
 * little below, for a feature that does not help. Features that say the same share their importance.
 *
 * @param columns One array a feature, all of one length; best rows that the model did not learn from.
 * @param targets What was to be predicted, in the targets' unit, as is the result.
 *
 * @returns One number a feature.
 * @throws {RangeError} where lengths differ, or an option is not in its range.
 *
 * @example
 * ```ts
 * import { fit, permutationImportance } from "./mod.ts";
 * const useful = Float64Array.from({ length: 200 }, (_, i) => i % 20);
 * const useless = Float64Array.from({ length: 200 }, (_, i) => i % 7);
 * const columns = [useful, useless], targets = useful.map((x) => x * x);
 * const kinds = ["number" as const, "number" as const];
 * const { ensemble } = fit({ kinds, columns, targets }, {
 *   algorithm: "gradient_boosting",
 *   parameters: {},
 * });
 * console.log(permutationImportance(ensemble, columns, targets)); // large, about 0
 * ```
 */
export function permutationImportance(
  ensemble: Ensemble,
  columns: Float64Array[],
  targets: Float64Array,
  { n_repeats = 5, random_state = 0, weights }: PermutationOptions = {},
): Float64Array {
  if (!Number.isInteger(n_repeats) || n_repeats < 1) {
    throw new RangeError(`Expected n_repeats to be 1 or more, but found ${n_repeats}`);
  }
  if (columns.some(({ length }) => length !== targets.length)) {
    throw new RangeError(`Expected columns of ${targets.length} rows, as many as targets`);
  }
  checkRandomState(random_state);
  if (weights) checkWeights("sample", weights, targets.length);
  const errorOf = (columns: Float64Array[]) => {
    const predictions = predictEnsemble(ensemble, columns);
    return Math.sqrt(meanOf(targets.map((y, row) => (y - predictions[row]!) ** 2), weights));
  };
  const error = errorOf(columns);
  return Float64Array.from(columns, (column, feature) => {
    let rise = 0;
    for (let repeat = 0; repeat < n_repeats; repeat++) {
      const random = createRandom(random_state, feature * n_repeats + repeat);
      const order = random.shuffle(column.length, column.length);
      const shuffled = Float64Array.from(order, (row) => column[row]!);
      rise += errorOf(columns.with(feature, shuffled)) - error;
    }
    return rise / n_repeats;
  });
}

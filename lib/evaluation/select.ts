import type { Params } from "../params_schema.ts";
import { type Metrics, roundMetric } from "./metrics.ts";

/** What `select.metric` of params.yaml may name: all are better when lower. */
export type SelectMetric = Params["select"]["metric"];

/**
 * Name of the best model: the one with the lowest `metric`, to six significant digits as the metrics
 * files hold it. Of equals, the first.
 *
 * @param metricsByModel Metrics on the same rows, by name of the model.
 * @throws {RangeError} where there is no model.
 *
 * @example
 * ```ts
 * import { selectBest } from "./select.ts";
 * const metricsByModel = { rf: { rmse: 5 }, gbr: { rmse: 4 } };
 * console.log(selectBest(metricsByModel, "rmse")); // "gbr"
 * ```
 */
export function selectBest<Metric extends SelectMetric>(
  metricsByModel: Readonly<Record<string, Pick<Metrics, Metric>>>,
  metric: Metric,
): string {
  const best = rankModels(metricsByModel, metric)[0];
  if (best === undefined) throw new RangeError("Expected at least one model, but found none");
  return best;
}

/** Names of the models, best first, by the rule of {@linkcode selectBest}. */
export function rankModels<Metric extends SelectMetric>(
  metricsByModel: Readonly<Record<string, Pick<Metrics, Metric>>>,
  metric: Metric,
): string[] {
  const value = (name: string) => roundMetric(metricsByModel[name]![metric]);
  return Object.keys(metricsByModel).sort((a, b) => value(a) - value(b));
}

/** Which model was chosen, and by which rows. */
export interface Choice {
  model: string;
  chosenOn: "folds" | "validation";
}

/**
 * The model to use: the best on the folds, which know nothing of the validation rows. Where the
 * history is too short for folds, the best on validation, whose figures then flatter it.
 *
 * @param figures By model: metrics on the folds, where there are any, and on validation.
 * @throws {RangeError} where there is no model.
 */
export function chooseModel<Metric extends SelectMetric>(
  figures: Readonly<
    Record<string, { folds?: Pick<Metrics, Metric>; val: Pick<Metrics, Metric> }>
  >,
  metric: Metric,
): Choice {
  const hasFolds = Object.values(figures).every(({ folds }) => folds !== undefined);
  const model = selectBest(
    Object.fromEntries(
      Object.entries(figures).map(([name, { folds, val }]) => [name, hasFolds ? folds! : val]),
    ),
    metric,
  );
  return { model, chosenOn: hasFolds ? "folds" : "validation" };
}

import type { SalesTable } from "../dataset/sales_table.ts";
import { fitFeatures, trainingData } from "../model/columns.ts";
import { encodeModel } from "../model/json.ts";
import type { TrainingFacts } from "../model/model.ts";
import type { Candidate } from "../candidates.ts";
import { fit } from "../trees/mod.ts";

/** What a {@linkcode smallModel} says of its own training. */
export const MADE_UP_METRICS = { rmse: 12.5, mae: 7.25, wmae: 8.5, r2: 0.875, bias: -0.5, n: 1872 };

/**
 * Text of the file of a model that is trained at once, on this thread. For tests only.
 *
 * @param rows What it learns from.
 * @param facts What it says of its training where that should not be made up.
 */
export async function smallModel(
  name: string,
  learner: Candidate,
  rows: Pick<SalesTable, "features" | "sales">,
  facts: Partial<TrainingFacts>,
): Promise<string> {
  const features = fitFeatures(rows.features);
  const { ensemble } = fit(trainingData(features, rows.features, rows.sales), learner);
  return await encodeModel({
    name,
    algorithm: learner.algorithm,
    features,
    ensemble,
    training: {
      data: { train: "0".repeat(64), validation: "1".repeat(64) },
      rows: rows.sales.length,
      weeks: { first: "2010-02-05", last: "2012-01-27", count: 104 },
      split: { strategy: "time", validation_weeks: 39 },
      parameters: learner.parameters,
      metrics: { train: MADE_UP_METRICS, validation: MADE_UP_METRICS },
      importance: { Store: 0.25, Dept: 0.75 },
      ...facts,
    },
  });
}

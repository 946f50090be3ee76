/** Trains a model as the pipeline does, and writes its file. Prints a `ModelOutcome`. */

import { readSalesTable } from "../../lib/dataset/parquet.ts";
import { regressionMetrics } from "../../lib/evaluation/metrics.ts";
import { LEARNED_FEATURES } from "../../lib/features/table.ts";
import { storeFactsOf } from "../../lib/model/store_facts.ts";
import { compactOutlook } from "../../lib/history/compact_outlook.ts";
import { completeOutlook } from "../../lib/history/outlook.ts";
import { historyOf } from "../../lib/history/sales_history.ts";
import { LEVELS } from "../../lib/intervals/conformal.ts";
import { encodeModel } from "../../lib/model/json.ts";
import { predict } from "../../lib/model/predict.ts";
import { trainingRows } from "../../lib/model/training_rows.ts";
import type { Params } from "../../lib/params_schema.ts";
import { fitInWorkers, LEAF, type Learner } from "../../lib/trees/mod.ts";
import { writeFileAtomic } from "../../lib/write_files.ts";
import { salesPath } from "../table.ts";
import type { ModelOutcome } from "./fit_model.ts";

/** What to train, and where to put it. */
export interface ProductRequest {
  name: "rf" | "gbr";
  learner: Learner;
  seasonal: Params["seasonal"];
  folds: Params["folds"];
  split: Params["split"];
  path: string;
}

if (import.meta.main) {
  const { name, learner, seasonal, folds, split, path }: ProductRequest = JSON.parse(Deno.args[0]!);
  const [train, test] = [
    await readSalesTable(salesPath("train")),
    await readSalesTable(salesPath("test")),
  ];
  const rows = trainingRows(train, seasonal.rank, folds.horizon_weeks);
  const [fitted] = await fitInWorkers(rows, [learner]);
  const { ensemble } = fitted!;
  const outlook = completeOutlook(compactOutlook(historyOf(train), seasonal.rank));
  const features = LEARNED_FEATURES.map(({ name }) => name);
  const predictions = predict({ features, ensemble, outlook }, test.features);
  const validation = regressionMetrics(test.sales, predictions, test.features.IsHoliday);
  const text = await encodeModel({
    name,
    features,
    ensemble,
    outlook,
    stores: storeFactsOf(train.features),
    // As many numbers as calibration makes.
    intervals: {
      horizons: [4, 13, 26],
      scales: [1, 2, 3, 4],
      widths: LEVELS.map(() => Array.from({ length: 4 }, () => [1, 1, 1, 1, 1])),
    },
    training: {
      data: { train: "0".repeat(64), validation: "0".repeat(64) },
      fitted_on: "train",
      rows: train.length,
      weeks: { first: "2010-02-05", last: "2010-02-05", count: 1 },
      split: { strategy: "time", validation_weeks: split.validation_weeks },
      parameters: { seasonal, folds },
      metrics: { validation },
      importance: {},
    },
  });
  await writeFileAtomic(path, text);
  const outcome: ModelOutcome = {
    trees: ensemble.roots.length - 1,
    leaves: ensemble.nodes.feature.reduce((count, index) => count + (index === LEAF ? 1 : 0), 0),
    // The document is ASCII: base64, numbers and our own names.
    bytes: text.length,
    rmse: validation.rmse,
  };
  console.log(JSON.stringify(outcome));
}

/** Trains the models that the suite `api` serves, on all sales. Prints a `ServedOutcome`. */

import { type CandidateName, treeLearners } from "../../lib/candidates.ts";
import { readSalesTable } from "../../lib/dataset/parquet.ts";
import { formatDay } from "../../lib/features/calendar.ts";
import { LEARNED_FEATURES } from "../../lib/features/table.ts";
import { outlookOf } from "../../lib/history/compact_outlook.ts";
import { historyOf, originOf } from "../../lib/history/sales_history.ts";
import { LEVELS } from "../../lib/intervals/conformal.ts";
import { blendCorrections, type Correction } from "../../lib/model/fit_trees.ts";
import { encodeModel } from "../../lib/model/json.ts";
import type { ModelParameters } from "../../lib/model/model.ts";
import { storeFactsOf } from "../../lib/model/store_facts.ts";
import { trainingRows } from "../../lib/model/training_rows.ts";
import type { Params } from "../../lib/params_schema.ts";
import { fitInWorkers, LEAF } from "../../lib/trees/mod.ts";
import { writeFilesAtomic } from "../../lib/write_files.ts";
import { SALES } from "../table.ts";

/** What to train, and where to put it. */
export interface ServedRequest {
  params: Params;
  /** What the model `boosting` has other than `gbr`. */
  boosting: Pick<Params["gbr"], "n_estimators" | "max_leaf_nodes">;
  /** For `rf.json`, `gbr.json`, `blend.json` and `boosting.json`. */
  folder: string;
}

/** What each has become, by the name of its file. */
export type ServedOutcome = Record<string, { trees: number; leaves: number; bytes: number }>;

/** Shares of the blend: any do, for its trees are the same. */
const SHARES = { rf: 0.5, gbr: 0.5 };

/** As many numbers as calibration makes. */
const INTERVALS = {
  horizons: [4, 13, 26],
  scales: [1, 2, 3, 4],
  widths: LEVELS.map(() => Array.from({ length: 4 }, () => [1, 1, 1, 1, 1])),
};

const NO_METRICS = { rmse: 0, mae: 0, wmae: 0, r2: 0, bias: 0, n: 0 };

if (import.meta.main) {
  const { params, boosting, folder }: ServedRequest = JSON.parse(Deno.args[0]!);
  const { seasonal, folds, split } = params;
  const sales = await readSalesTable(SALES);
  const history = historyOf(sales);
  const weeks = {
    first: formatDay(history.firstDay),
    last: formatDay(originOf(history)),
    count: history.weeks,
  };
  const { kinds, columns, targets, weights } = trainingRows(
    sales,
    seasonal.rank,
    folds.horizon_weeks,
  );
  const other = { ...params, gbr: { ...params.gbr, ...boosting } };
  const { rf, gbr } = treeLearners(params);
  const fitted = await fitInWorkers(
    { kinds, columns, targets, weights },
    [rf, gbr, treeLearners(other).gbr],
  );
  const features = LEARNED_FEATURES.map(({ name }) => name);
  const [forest, boosted, otherBoosted] = fitted.map(({ ensemble, importance }) => ({
    features,
    ensemble,
    importance: Object.fromEntries(features.map((name, i) => [name, importance[i]!])),
  })) as [Correction, Correction, Correction];
  const blend = blendCorrections({ rf: forest, gbr: boosted }, SHARES);
  const models: [string, CandidateName, Correction, Partial<ModelParameters>][] = [
    ["rf", "rf", forest, { rf: params.rf }],
    ["gbr", "gbr", boosted, { gbr: params.gbr }],
    ["blend", "blend", blend, { rf: params.rf, gbr: params.gbr, shares: SHARES }],
    ["boosting", "gbr", otherBoosted, { gbr: other.gbr }],
  ];
  const outlook = outlookOf(history, seasonal.rank);
  const outcome: ServedOutcome = {};
  const files: [string, string][] = [];
  for (const [file, name, { features, ensemble, importance }, parameters] of models) {
    const text = await encodeModel({
      name,
      features,
      ensemble,
      outlook,
      stores: storeFactsOf(sales.features),
      intervals: INTERVALS,
      training: {
        data: { train: "0".repeat(64), validation: "0".repeat(64) },
        fitted_on: "all",
        rows: sales.length,
        weeks,
        split: { strategy: "time", validation_weeks: split.validation_weeks },
        parameters: { seasonal, folds, ...parameters },
        metrics: { validation: NO_METRICS },
        importance,
      },
    });
    files.push([`${folder}/${file}.json`, text]);
    outcome[file] = {
      trees: ensemble.roots.length - 1,
      leaves: ensemble.nodes.feature.reduce((sum, index) => sum + (index === LEAF ? 1 : 0), 0),
      // The document is ASCII: base64, numbers and our own names.
      bytes: text.length,
    };
  }
  await writeFilesAtomic(files);
  console.log(JSON.stringify(outcome));
}

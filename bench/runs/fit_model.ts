/** Trains a model and writes its file. Prints a `ModelOutcome`. */

import { regressionMetrics } from "../../lib/evaluation/metrics.ts";
import { completeOutlook } from "../../lib/history/outlook.ts";
import { LEVELS } from "../../lib/intervals/conformal.ts";
import type { CandidateName } from "../../lib/candidates.ts";
import { encodeModel } from "../../lib/model/json.ts";
import type { TrainingFacts } from "../../lib/model/model.ts";
import type { AppliedSplit } from "../../lib/params_schema.ts";
import { fitInWorkers, LEAF, type Learner, predictEnsemble } from "../../lib/trees/mod.ts";
import { writeFileAtomic } from "../../lib/write_files.ts";
import { lightgbmText } from "../lightgbm_text.ts";
import { readTable, type Rows, type TableName } from "../table.ts";

/** What to train on, and where to put it. */
export interface ModelRequest {
  table: TableName;
  learner: Learner;
  name: CandidateName;
  split: AppliedSplit;
  /** The model's file. */
  path: string;
  /** A file for the same trees in LightGBM's text format. */
  lightgbm?: string;
}

/** What it has become. */
export interface ModelOutcome {
  trees: number;
  leaves: number;
  /** Of the model's file. */
  bytes: number;
  /** On the test part. */
  rmse: number;
}

/** One series, known for one week: these models are measured for their trees. */
const NO_OUTLOOK = completeOutlook({
  history: {
    firstDay: 0,
    weeks: 1,
    stores: Uint16Array.of(1),
    departments: Uint16Array.of(1),
    sales: Float64Array.of(0),
  },
  seasonal: Float64Array.of(0),
});

const NO_INTERVALS = { horizons: [], scales: [], widths: LEVELS.map(() => [[0]]) };

if (import.meta.main) {
  const request: ModelRequest = JSON.parse(Deno.args[0]!);
  const { facts, train, test } = await readTable(request.table);
  const { learner } = request;
  const data = { kinds: facts.features.map(({ kind }) => kind), ...train };
  const [fitted] = await fitInWorkers(data, [learner]);
  const { ensemble, importance } = fitted!;
  const holiday = facts.features.findIndex(({ name }) => name === "IsHoliday");
  const measure = ({ columns, targets }: Rows) =>
    regressionMetrics(targets, predictEnsemble(ensemble, columns), columns[holiday]!);
  const metrics = { train: measure(train), validation: measure(test) };
  const training: TrainingFacts = {
    data: { train: "0".repeat(64), validation: "0".repeat(64) },
    fitted_on: "train",
    rows: facts.trainRows,
    weeks: facts.weeks,
    split: request.split,
    parameters: {
      seasonal: { rank: 1 },
      folds: { count: 1, step_weeks: 1, horizon_weeks: 1 },
    },
    metrics,
    importance: Object.fromEntries(facts.features.map(({ name }, i) => [name, importance[i]!])),
  };
  const features = facts.features.map(({ name }) => name);
  const { name } = request;
  const text = await encodeModel({
    name,
    features,
    ensemble,
    outlook: NO_OUTLOOK,
    stores: new Map(),
    intervals: NO_INTERVALS,
    training,
  });
  await writeFileAtomic(request.path, text);
  if (request.lightgbm) await writeFileAtomic(request.lightgbm, lightgbmText(ensemble));
  const outcome: ModelOutcome = {
    trees: ensemble.roots.length - 1,
    leaves: ensemble.nodes.feature.reduce((count, index) => count + (index === LEAF ? 1 : 0), 0),
    // The document is ASCII: base64, numbers and our own names.
    bytes: text.length,
    rmse: metrics.validation.rmse,
  };
  console.log(JSON.stringify(outcome));
}

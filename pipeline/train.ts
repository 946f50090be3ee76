import { runCommand } from "../lib/cli.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { countWeeks } from "../lib/dataset/split.ts";
import { formatDay } from "../lib/features/calendar.ts";
import { FEATURES } from "../lib/features/table.ts";
import { readFile, writeFileAtomic } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import { type Metrics, regressionMetrics, roundMetrics } from "../lib/evaluation/metrics.ts";
import { fitFeatures, trainingData } from "../lib/model/columns.ts";
import { encodeModel } from "../lib/model/json.ts";
import type { Model, ModelFeature, TrainingFacts } from "../lib/model/model.ts";
import { predict } from "../lib/model/predict.ts";
import { type Params, readParams } from "../lib/params.ts";
import { startProgress } from "../lib/progress.ts";
import { selectBest } from "../lib/evaluation/select.ts";
import { fitInWorkers, type Fitted, type Learner } from "../lib/trees/mod.ts";

const TRAIN = "data/processed/train.parquet";
const VALIDATION = "data/processed/val.parquet";

/** The candidates: names and learners. */
function candidates(params: Params): Record<string, Learner> {
  return {
    rf: { algorithm: "random_forest", parameters: params.rf },
    gbr: { algorithm: "gradient_boosting", parameters: params.gbr },
  };
}

async function train(): Promise<void> {
  const params = await readParams();
  const [rows, held] = [await readSalesTable(TRAIN), await readSalesTable(VALIDATION)];
  const learners = candidates(params);
  const features = fitFeatures(rows.features);
  const facts = {
    data: await sha256(await readFile(TRAIN, "Run `deno task repro` to make it.")),
    rows: rows.length,
    weeks: weeksOf(rows),
    split: params.split,
  };
  const fitted = await fitAll(rows, features, Object.values(learners));
  const models = Object.entries(learners).map(([name, learner], index) =>
    describe(name, learner, features, fitted[index]!, facts, rows, held)
  );

  const validation = Object.fromEntries(
    models.map(({ name, training }) => [name, training.metrics.validation]),
  );
  const best = selectBest(validation, params.select.metric);
  const texts = new Map<string, string>();
  for (const model of models) texts.set(model.name, await encodeModel(model));
  for (const { name, training } of models) {
    const metrics = { model: name, split: params.split.strategy, ...training.metrics.train };
    await writeFileAtomic(`models/${name}.json`, texts.get(name)!);
    await writeFileAtomic(`metrics/train_metrics_${name}.json`, toJson(metrics));
  }
  await writeFileAtomic("models/model.json", texts.get(best)!);
  console.log(`best on validation by ${params.select.metric}: ${best}, now models/model.json`);
}

async function fitAll(
  rows: SalesTable,
  features: ModelFeature[],
  learners: Learner[],
): Promise<Fitted[]> {
  const trees = learners.reduce((sum, { parameters }) => sum + parameters.n_estimators, 0);
  const progress = startProgress("train", trees, "trees");
  let done = 0;
  try {
    const data = trainingData(features, rows.features, rows.sales);
    return await fitInWorkers(data, learners, { onTree: () => progress.update(++done) });
  } finally {
    progress.end();
  }
}

function describe(
  name: string,
  { algorithm, parameters }: Learner,
  features: ModelFeature[],
  { ensemble, importance }: Fitted,
  facts: Pick<TrainingFacts, "data" | "rows" | "weeks" | "split">,
  rows: SalesTable,
  held: SalesTable,
): Model {
  const model = { name, algorithm, features, ensemble };
  const metrics = { train: measure(model, rows), validation: measure(model, held) };
  const shares = Object.fromEntries(FEATURES.map(({ name }, i) => [name, importance[i]!]));
  return { ...model, training: { ...facts, parameters, metrics, importance: shares } };
}

function measure(model: Pick<Model, "features" | "ensemble">, rows: SalesTable): Metrics {
  const predicted = predict(model, rows.features);
  return roundMetrics(regressionMetrics(rows.sales, predicted, rows.features.IsHoliday));
}

function weeksOf({ day }: SalesTable): TrainingFacts["weeks"] {
  return {
    first: formatDay(day.reduce((a, b) => Math.min(a, b))),
    last: formatDay(day.reduce((a, b) => Math.max(a, b))),
    count: countWeeks(day),
  };
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=train pipeline/train.ts",
    summary: "Trains the random forest and gradient boosting of params.yaml on " +
      "data/processed/train.parquet, and writes models/ and metrics/train_metrics_*.json.",
    options: {},
  }, train);
}

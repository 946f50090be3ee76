import { type Candidate, candidates } from "../lib/candidates.ts";
import { runCommand } from "../lib/cli.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { readProfile } from "../lib/dataset/profile.ts";
import type { SalesTable } from "../lib/dataset/sales_table.ts";
import { FEATURES } from "../lib/features/table.ts";
import { readFile, writeFilesAtomic } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import { type Metrics, regressionMetrics, roundMetrics } from "../lib/evaluation/metrics.ts";
import { fitFeatures, trainingData } from "../lib/model/columns.ts";
import { encodeModel } from "../lib/model/json.ts";
import type { Model, ModelFeature, TrainingFacts } from "../lib/model/model.ts";
import { predict } from "../lib/model/predict.ts";
import { readParams } from "../lib/params.ts";
import { startProgress } from "../lib/progress.ts";
import { selectBest } from "../lib/evaluation/select.ts";
import { fitInWorkers, type Fitted } from "../lib/trees/mod.ts";

const TRAIN = "data/processed/train.parquet";
const VALIDATION = "data/processed/val.parquet";
const PROFILE = "data/processed/profile.json";

async function train(): Promise<void> {
  const params = await readParams();
  const { split, weeks } = await readProfile(PROFILE);
  const [rows, held] = [await readSalesTable(TRAIN), await readSalesTable(VALIDATION)];
  const learners = candidates(params);
  const features = fitFeatures(rows.features);
  const facts = {
    data: { train: await hashOf(TRAIN), validation: await hashOf(VALIDATION) },
    rows: rows.length,
    weeks: weeks.train,
    split,
  };
  const fitted = await fitAll(rows, features, Object.values(learners));
  const models = Object.entries(learners).map(([name, learner], index) =>
    describe(name, learner, features, fitted[index]!, facts, rows, held)
  );

  const validation = Object.fromEntries(
    models.map(({ name, training }) => [name, training.metrics.validation]),
  );
  const best = selectBest(validation, params.select.metric);
  const texts = await Promise.all(models.map(encodeModel));
  await writeFilesAtomic([
    ...models.map(({ name }, i) => [`models/${name}.json`, texts[i]!] as const),
    ["models/model.json", texts[models.findIndex(({ name }) => name === best)]!],
    ...models.map(({ name, training }) => {
      const metrics = { model: name, split: split.strategy, ...training.metrics.train };
      return [
        `metrics/train_metrics_${name}.json`,
        JSON.stringify(metrics, null, 2) + "\n",
      ] as const;
    }),
  ]);
  console.log(`best on validation by ${params.select.metric}: ${best}, now models/model.json`);
}

async function hashOf(path: string): Promise<string> {
  return await sha256(await readFile(path, "Run `deno task repro` to make it."));
}

async function fitAll(
  rows: SalesTable,
  features: ModelFeature[],
  learners: Candidate[],
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
  { algorithm, parameters }: Candidate,
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

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=train pipeline/train.ts",
    summary: "Trains the random forest and gradient boosting of params.yaml on " +
      "data/processed/train.parquet, and writes models/ and metrics/train_metrics_*.json.",
    options: {},
  }, train);
}

import { type CandidateName, CANDIDATES, type Shares, treeLearners } from "../lib/candidates.ts";
import { runCommand } from "../lib/cli.ts";
import { joinColumns } from "../lib/columns.ts";
import { encodeFolds } from "../lib/dataset/folds_parquet.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { readProfile } from "../lib/dataset/profile.ts";
import { joinSales, type SalesTable } from "../lib/dataset/sales_table.ts";
import { foldMetrics, foldResiduals } from "../lib/evaluation/folds.ts";
import { type MadeFolds, makeFolds } from "../lib/evaluation/make_folds.ts";
import { type Metrics, regressionMetrics, roundMetrics } from "../lib/evaluation/metrics.ts";
import { selectBest } from "../lib/evaluation/select.ts";
import { readFile, writeFilesAtomic } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import { outlookOf } from "../lib/history/compact_outlook.ts";
import type { Outlook } from "../lib/history/outlook.ts";
import { historyOf } from "../lib/history/sales_history.ts";
import { calibrate, type PastResiduals } from "../lib/intervals/conformal.ts";
import {
  blendCorrections,
  type Correction,
  fittedValues,
  fitTrees,
  NO_CORRECTION,
} from "../lib/model/fit_trees.ts";
import { encodeModel } from "../lib/model/json.ts";
import type { Model, TrainingFacts } from "../lib/model/model.ts";
import { modelParameters } from "../lib/model/model_parameters.ts";
import { forecast } from "../lib/model/predict.ts";
import { type TrainingRows, trainingRows } from "../lib/model/training_rows.ts";
import { readParams } from "../lib/params.ts";
import type { Params } from "../lib/params_schema.ts";
import { startProgress } from "../lib/progress.ts";

const TRAIN = "data/processed/train.parquet";
const VALIDATION = "data/processed/val.parquet";
const PROFILE = "data/processed/profile.json";

/** By name of the candidate. */
type ByName<T> = Record<CandidateName, T>;

async function train(): Promise<void> {
  const params = await readParams();
  const { split, weeks } = await readProfile(PROFILE);
  const [rows, held] = [await readSalesTable(TRAIN), await readSalesTable(VALIDATION)];
  const data = { train: await hashOf(TRAIN), validation: await hashOf(VALIDATION) };

  const trees = Object.values(treeLearners(params))
    .reduce((sum, { parameters }) => sum + parameters.n_estimators, 0);
  const progress = startProgress("train", trees * (params.folds.count + 2), "trees");
  let done = 0;
  const onTree = () => progress.update(++done);
  let made: MadeFolds, validated: Fitted, served: Fitted;
  try {
    made = await makeFolds(rows, params, onTree);
    validated = await fitCandidates(rows, params, made.shares, onTree);
    served = await fitCandidates(joinSales(rows, held), params, made.shares, onTree);
  } finally {
    progress.end();
  }

  const onFolds = made.folds.length > 0 ? foldMetrics(made.folds) : undefined;
  const models = { validation: {} as ByName<Model>, served: {} as ByName<Model> };
  for (const name of CANDIDATES) {
    const { features, ensemble } = validated.corrections[name];
    const forecasts = forecast({ features, ensemble, outlook: validated.outlook }, held.features);
    const fit = validated.metrics[name];
    const measured: TrainingFacts["metrics"] = {
      ...fit && { train: fit },
      ...onFolds && { folds: roundMetrics(onFolds[name]) },
      validation: measure(held.sales, forecasts.predictions, held.features.IsHoliday),
    };
    const ofFolds = foldResiduals(made.folds, name);
    const ofValidation: PastResiduals = {
      residuals: held.sales.map((actual, row) => actual - forecasts.predictions[row]!),
      horizons: forecasts.horizons,
      scales: forecasts.scale,
      origins: new Float64Array(held.length).fill(validated.outlook.origin),
    };
    const describe = (fitted: Fitted, residuals: PastResiduals, facts: FittedOn): Model => ({
      name,
      features: fitted.corrections[name].features,
      ensemble: fitted.corrections[name].ensemble,
      outlook: fitted.outlook,
      intervals: calibrate(residuals),
      training: {
        data,
        ...facts,
        split,
        parameters: modelParameters(name, params, made.shares),
        metrics: measured,
        importance: fitted.corrections[name].importance,
      },
    });
    models.validation[name] = describe(
      validated,
      // Without folds there is nothing else to go by; the figures then say so.
      ofFolds.residuals.length > 0 ? ofFolds : ofValidation,
      { fitted_on: "train", rows: rows.length, weeks: weeks.train },
    );
    models.served[name] = describe(
      served,
      // Random validation rows lie in weeks that the model knows: intervals are for those to come.
      split.strategy === "random" && ofFolds.residuals.length > 0
        ? ofFolds
        : joinResiduals(ofFolds, ofValidation),
      { fitted_on: "all", rows: rows.length + held.length, weeks: weeks.all },
    );
  }

  const best = selectBest(
    Object.fromEntries(CANDIDATES.map((name) => {
      const { folds, validation } = models.validation[name].training.metrics;
      return [name, folds ?? validation];
    })),
    params.select.metric,
  ) as CandidateName;
  const encode = async (models: ByName<Model>, folder: string) =>
    await Promise.all(
      CANDIDATES.map(async (name) =>
        [`${folder}/${name}.json`, await encodeModel(models[name])] as const
      ),
    );
  const servedFiles = await encode(models.served, "models");
  await writeFilesAtomic([
    ...await encode(models.validation, "models/validation"),
    ...servedFiles,
    ["models/model.json", servedFiles[CANDIDATES.indexOf(best)]![1]],
    ["metrics/folds.parquet", encodeFolds(made.folds)],
    ...CANDIDATES.map((name) => {
      const metrics = { model: name, split: split.strategy, ...validated.metrics[name] };
      return [
        `metrics/train_metrics_${name}.json`,
        JSON.stringify(metrics, null, 2) + "\n",
      ] as const;
    }),
  ]);
  const folds = new Set(made.folds.origin).size;
  if (folds < params.folds.count) {
    console.log(
      `${folds} of ${params.folds.count} folds: the others have less than a year behind them`,
    );
  }
  const where = onFolds ? "the folds" : "validation, for lack of folds,";
  console.log(
    `best on ${where} by ${params.select.metric}: ${best}, ` +
      `fitted on all weeks as models/model.json`,
  );
}

async function hashOf(path: string): Promise<string> {
  return await sha256(await readFile(path, "Run `deno task repro` to make it."));
}

/** What a model file says of the rows that it learned from. */
type FittedOn = Pick<TrainingFacts, "fitted_on" | "rows" | "weeks">;

/** All candidates, fitted on the same rows. */
interface Fitted {
  outlook: Outlook;
  corrections: ByName<Correction>;
  /** On the rows that trees learned from; undefined where there were none. */
  metrics: Partial<ByName<Metrics>>;
}

async function fitCandidates(
  table: SalesTable,
  params: Params,
  shares: Shares,
  onTree: () => void,
): Promise<Fitted> {
  const { seasonal: { rank }, folds: { horizon_weeks } } = params;
  const rows = trainingRows(table, rank, horizon_weeks);
  const trees = await fitTrees(rows, params, onTree);
  const corrections: ByName<Correction> = {
    seasonal: NO_CORRECTION,
    ...trees,
    blend: blendCorrections(trees, shares),
  };
  return {
    outlook: outlookOf(historyOf(table), rank),
    corrections,
    metrics: rows.targets.length > 0 ? measureAll(corrections, rows) : {},
  };
}

function measureAll(corrections: ByName<Correction>, rows: TrainingRows): ByName<Metrics> {
  return Object.fromEntries(
    CANDIDATES.map((name) => [
      name,
      measure(rows.sales, fittedValues(corrections[name], rows), rows.isHoliday),
    ]),
  ) as ByName<Metrics>;
}

function measure(actual: Float64Array, predicted: Float64Array, isHoliday: Float64Array): Metrics {
  return roundMetrics(regressionMetrics(actual, predicted, isHoliday));
}

function joinResiduals(a: PastResiduals, b: PastResiduals): PastResiduals {
  const join = (pick: (residuals: PastResiduals) => ArrayLike<number>) =>
    joinColumns([pick(a), pick(b)]);
  return {
    residuals: join(({ residuals }) => residuals),
    horizons: join(({ horizons }) => horizons),
    scales: join(({ scales }) => scales),
    origins: join(({ origins }) => origins),
  };
}

if (import.meta.main) {
  await runCommand({
    name: "deno run -P=train pipeline/train.ts",
    summary:
      "Validates the candidates on folds of data/processed/train.parquet, fits them on it and then\n" +
      "on all rows, and writes models/, metrics/folds.parquet and metrics/train_metrics_*.json.",
    options: {},
  }, train);
}

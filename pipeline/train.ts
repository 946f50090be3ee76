import { CANDIDATES, treeLearners } from "../lib/candidates.ts";
import { runCommand } from "../lib/cli.ts";
import { encodeFolds } from "../lib/dataset/folds_parquet.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { readProfile } from "../lib/dataset/profile.ts";
import { joinSales, type SalesTable } from "../lib/dataset/sales_table.ts";
import { makeFolds } from "../lib/evaluation/make_folds.ts";
import { chooseModel } from "../lib/evaluation/select.ts";
import { readFile } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import {
  describeModels,
  type ModelsByName,
  type TrainingOutcome,
} from "../lib/model/describe_models.ts";
import { fitCandidates } from "../lib/model/fit_candidates.ts";
import { encodeModel } from "../lib/model/json.ts";
import { readParams } from "../lib/params.ts";
import type { Params } from "../lib/params_schema.ts";
import { startProgress } from "../lib/progress.ts";
import { writeFilesAtomic } from "../lib/write_files.ts";

const TRAIN = "data/processed/train.parquet";
const VALIDATION = "data/processed/val.parquet";
const PROFILE = "data/processed/profile.json";

async function train(): Promise<void> {
  const params = await readParams();
  const { metric } = params.select;
  const profile = await readProfile(PROFILE);
  const [rows, held] = [await readSalesTable(TRAIN), await readSalesTable(VALIDATION)];
  const data = { train: await hashOf(TRAIN), validation: await hashOf(VALIDATION) };
  const outcome = { params, profile, data, held, ...await fitAll(rows, held, params) };
  const models = describeModels(outcome);

  const { model: best, chosenOn } = chooseModel(
    Object.fromEntries(CANDIDATES.map((name) => {
      const { folds, validation } = models.validated[name].training.metrics;
      return [name, { ...folds && { folds }, val: validation }];
    })),
    metric,
  );
  const served = await encodeAll(models.served, "models");
  await writeFilesAtomic([
    ...await encodeAll(models.validated, "models/validation"),
    ...served,
    ["models/model.json", served.find(([path]) => path === `models/${best}.json`)![1]],
    ["metrics/folds.parquet", encodeFolds(outcome.made.folds)],
    ...CANDIDATES.map((name) => {
      const metrics = { model: name, split: profile.split.strategy };
      const text = JSON.stringify({ ...metrics, ...outcome.validated.metrics[name] }, null, 2);
      return [`metrics/train_metrics_${name}.json`, text + "\n"] as const;
    }),
  ]);
  const folds = new Set(outcome.made.folds.origin).size, { count } = params.folds;
  if (folds < count) {
    console.log(`${folds} of ${count} folds: the others have less than a year behind them`);
  }
  console.log(
    `best on ${chosenOn} by ${metric}: ${best}, fitted on all weeks as models/model.json`,
  );
}

async function hashOf(path: string): Promise<string> {
  return await sha256(await readFile(path, "Run `deno task repro` to make it."));
}

/** Forecasts the folds, and fits all candidates without the rows held back, and with them. */
async function fitAll(
  rows: SalesTable,
  held: SalesTable,
  params: Params,
): Promise<Pick<TrainingOutcome, "made" | "validated" | "served">> {
  const trees = Object.values(treeLearners(params))
    .reduce((sum, { parameters }) => sum + parameters.n_estimators, 0);
  const progress = startProgress("train", trees * (params.folds.count + 2), "trees");
  let done = 0;
  const onTree = () => progress.update(++done);
  try {
    const made = await makeFolds(rows, params, onTree);
    const validated = await fitCandidates(rows, params, made.shares, onTree);
    const served = await fitCandidates(joinSales(rows, held), params, made.shares, onTree);
    return { made, validated, served };
  } finally {
    progress.end();
  }
}

/** Paths and texts of models' files. */
async function encodeAll(models: ModelsByName, folder: string) {
  return await Promise.all(
    CANDIDATES.map(async (name) =>
      [`${folder}/${name}.json`, await encodeModel(models[name])] as const
    ),
  );
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

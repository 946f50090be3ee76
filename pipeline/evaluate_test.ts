import assert from "node:assert/strict";
import { resolve } from "node:path";
import pl from "nodejs-polars";
import { CANDIDATES } from "../lib/candidates.ts";
import { encodeFolds } from "../lib/dataset/folds_parquet.ts";
import { encodeSales, readSalesTable } from "../lib/dataset/parquet.ts";
import { daysOf, profileDataset } from "../lib/dataset/profile.ts";
import { chooseValidation } from "../lib/dataset/split.ts";
import { UserError } from "../lib/errors.ts";
import { readCard } from "../lib/evaluation/card/file.ts";
import { FOLD_MODELS, type FoldModel } from "../lib/evaluation/folds.ts";
import { readLearningCurves } from "../lib/evaluation/learning_curves_csv.ts";
import { type MetricsAll, regressionMetrics } from "../lib/evaluation/metrics.ts";
import {
  CORRECTIONS,
  MADE_UP_METRICS,
  madeUpFolds,
  smallModel,
} from "../lib/evaluation/testing.ts";
import { isoWeek, monthOf, yearOf } from "../lib/features/calendar.ts";
import { sha256 } from "../lib/hash.ts";
import { type Params, readParams } from "../lib/params.ts";
import type { AppliedSplit } from "../lib/params_schema.ts";
import { inFolder } from "../lib/testing.ts";
import { evaluate } from "./evaluate.ts";

/** Sales of 3 stores x 6 departments, with a season, a trend and a little noise. */
function makeSales(weeks: number): pl.DataFrame {
  let state = 1;
  const noise = () => (state = state * 16807 % 2147483647) / 2147483647 - 0.5;
  const records = [];
  for (let row = 0; row < 3 * 6 * weeks; row++) {
    const series = Math.floor(row / weeks), week = row % weeks;
    const store = Math.floor(series / 6), dept = series % 6;
    const day = 14645 + 7 * week;
    const season = 1 + Math.abs((week + 5 * dept) % 52 - 26) / 52;
    const sales = 1000 * (dept + 1) * (store + 1) * season * (1 + week / 500 + noise() / 5);
    records.push({
      Date: day,
      Weekly_Sales: Math.round(sales * 100) / 100,
      Store: store + 1,
      Dept: dept + 1,
      IsHoliday: week % 13 === 1,
      Temperature: 60 + 30 * noise(),
      Fuel_Price: 3,
      MarkDown1: 1000 + 500 * noise(),
      MarkDown2: 0,
      MarkDown3: 0,
      MarkDown4: 0,
      MarkDown5: 0,
      CPI: 200 + week / 10,
      Unemployment: 8.1,
      Type: "ABC"[store],
      Size: 150_000 - 50_000 * store,
      Year: yearOf(day),
      Month: monthOf(day),
      Week: isoWeek(day),
    });
  }
  return pl.DataFrame(records);
}

/** How the project of a test differs from the usual one. */
interface ProjectOptions {
  strategy?: Params["split"]["strategy"];
  metric?: Params["select"]["metric"];
  /** How many weeks of sales there are, and are held back. */
  weeks?: number;
  validationWeeks?: number;
  /** How wrong each forecast of the folds is, in USD; see {@linkcode madeUpFolds}. */
  errorOf?: (name: FoldModel, row: number) => number;
}

/** By how much the forecasts of the folds are off, either way, if nothing else is said. */
const FOLD_ERRORS: Record<FoldModel, number> = {
  seasonal: 40,
  rf: 20,
  gbr: 10,
  blend: 30,
  seasonal_naive: 80,
};

/** Weeks from each fold's origin to the last training week. */
const FOLD_WEEKS = [13, 5];

/** A project's folder as preprocess leaves it. */
async function preprocess(
  folder: string,
  { strategy = "time", metric = "wmae", weeks = 143, validationWeeks = 39 }: ProjectOptions,
): Promise<AppliedSplit> {
  const text = await Deno.readTextFile("params.yaml");
  const edited = text.replace(/(metric:) \w+/, `$1 ${metric}`)
    .replace(/(validation_weeks:) \d+/, `$1 ${validationWeeks}`)
    .replace(/(strategy:) \w+/, `$1 ${strategy}`);
  await Deno.writeTextFile(`${folder}/params.yaml`, edited);
  const { split } = await readParams(`${folder}/params.yaml`);
  const sales = makeSales(weeks);
  const marks = pl.Series("validates", chooseValidation(daysOf(sales), split));
  const marked = sales.withColumns(marks);
  const side = (mark: number) => marked.filter(pl.col("validates").eq(mark)).drop("validates");
  const parts = { all: sales, train: side(0), validation: side(1) };
  const profile = profileDataset(parts, [], split);
  const processed = `${folder}/data/processed`;
  await Deno.mkdir(processed, { recursive: true });
  await Deno.writeFile(`${processed}/train.parquet`, encodeSales(parts.train));
  await Deno.writeFile(`${processed}/val.parquet`, encodeSales(parts.validation));
  await Deno.writeTextFile(`${processed}/profile.json`, JSON.stringify(profile));
  return profile.split;
}

/** A project's folder as the stages before this one leave it, with small models. */
async function makeProject(folder: string, options: ProjectOptions = {}): Promise<void> {
  const split = await preprocess(folder, options);
  const { errorOf = (name, row) => FOLD_ERRORS[name] * (row % 2 ? 1 : -1) } = options;
  const processed = `${folder}/data/processed`;
  const hash = async (name: string) => await sha256(await Deno.readFile(`${processed}/${name}`));
  const data = { train: await hash("train.parquet"), validation: await hash("val.parquet") };
  const train = await readSalesTable(`${processed}/train.parquet`);
  await Deno.mkdir(`${folder}/models/validation`, { recursive: true });
  for (const name of CANDIDATES) {
    for (const [path, fitted_on] of [["validation/", "train"], ["", "all"]] as const) {
      const model = await smallModel(name, { data, split, fitted_on }, train);
      await Deno.writeTextFile(`${folder}/models/${path}${name}.json`, model);
    }
  }
  await Deno.mkdir(`${folder}/metrics`, { recursive: true });
  const folds = madeUpFolds(train, FOLD_WEEKS, errorOf);
  await Deno.writeFile(`${folder}/metrics/folds.parquet`, encodeFolds(folds));
}

/** Text of every text file below a folder, by its path there. */
async function readAll(folder: string, prefix = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, await readAll(path, `${prefix}${name}/`));
    else if (!name.endsWith(".parquet")) files[prefix + name] = await Deno.readTextFile(path);
  }
  return files;
}

const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

Deno.test("evaluate() writes metrics, predictions and pictures, the same each time", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    await Deno.mkdir(`${folder}/metrics/plots`, { recursive: true });
    await Deno.writeTextFile(`${folder}/metrics/plots/residual_histogram_old.svg`, "<svg/>");
    await evaluate(folder);
    const files = await readAll(`${folder}/metrics`);
    assert.deepEqual(
      Object.keys(files).sort(),
      [
        "best_val_metrics.json",
        "learning_curves.csv",
        "metrics_all.json",
        "report.html",
        "total_by_week.csv",
        "plots/model_comparison.svg",
        "plots/model_comparison_folds.svg",
        "plots/total_by_week.svg",
        ...FOLD_MODELS.flatMap((
          name,
        ) => [`val_metrics_${name}.json`, `val_predictions_${name}.csv`]),
        ...CANDIDATES.flatMap((name) =>
          ["predicted_vs_actual", "residual_histogram", "residuals_over_time"]
            .map((chart) => `plots/${chart}_${name}.svg`)
        ),
        // The seasonal forecast has no features to be important.
        ...["rf", "gbr", "blend"].map((name) => `plots/feature_importance_${name}.svg`),
        ...["rf", "gbr"].map((name) => `plots/learning_curve_${name}.svg`),
      ].sort(),
    );
    assert.ok(files["plots/total_by_week.svg"]!.includes("last 39 weeks"));
    // Weeks 91 and 99 of the 104, which begin on 2010-02-05.
    for (const origin of ["2011-10-28", "2011-12-23"]) {
      assert.ok(files["plots/model_comparison_folds.svg"]!.includes(origin));
    }
    await evaluate(folder);
    assert.deepEqual(await readAll(`${folder}/metrics`), files);
  }));

/** Actual sales and predictions of metrics/val_predictions_NAME.csv. */
async function readPredictions(folder: string, name: string) {
  const csv = await Deno.readTextFile(`${folder}/metrics/val_predictions_${name}.csv`);
  const rows = csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
  for (const row of rows) {
    assert.ok(Math.abs(Number(row[3]) - Number(row[4]) - Number(row[5])) < 0.011, row.join());
  }
  const column = (index: number) => Float64Array.from(rows, (row) => Number(row[index]));
  return { length: rows.length, actual: column(3), predicted: column(4) };
}

Deno.test("evaluate() writes figures that agree with each other", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    await evaluate(folder);
    const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
    assert.deepEqual(Object.keys(all), ["seasonal", "rf", "gbr", "blend", "seasonal_naive"]);
    assert.deepEqual(Object.keys(all["rf"]!), ["train", "folds", "val"]);
    assert.deepEqual(Object.keys(all["seasonal_naive"]!), ["folds", "val"]);
    const keys = ["rmse", "mae", "wmae", "r2", "bias", "n", "skill", "split"];
    assert.deepEqual(Object.keys(all["gbr"]!.val), keys);
    assert.deepEqual(Object.keys(all["gbr"]!.folds!), keys);
    // 3 stores x 6 departments x 39 weeks.
    assert.equal(all["gbr"]!.val.n, 702);
    assert.deepEqual(all["rf"]!.train, { ...MADE_UP_METRICS, split: "time" });

    const validation = await readSalesTable(`${folder}/data/processed/val.parquet`);
    for (const name of Object.keys(all)) {
      const { split, ...overall } = all[name]!.val;
      const one = await readJson(`${folder}/metrics/val_metrics_${name}.json`);
      assert.deepEqual([one.model, one.split, one.overall], [name, split, overall]);
      const slicings = ["holiday", "store_type", "horizon", "department_size"];
      assert.deepEqual(Object.keys(one.slices), slicings);
      assert.deepEqual(Object.keys(one.slices.store_type), ["A", "B", "C"]);
      assert.deepEqual(Object.keys(one.slices.horizon), ["1-4", "5-13", "14-26", "27+"]);
      assert.deepEqual(Object.keys(one.slices.department_size), ["q1", "q2", "q3", "q4"]);
      assert.equal(one.slices.horizon["27+"].n, 18 * 13);

      const { actual, predicted, length } = await readPredictions(folder, name);
      assert.equal(length, validation.length);
      const { wmae, rmse } = regressionMetrics(actual, predicted, validation.features.IsHoliday);
      assert.ok(Math.abs(rmse - overall.rmse) < 0.02, name);
      assert.ok(Math.abs(1 - wmae / all["seasonal_naive"]!.val.wmae - overall.skill) < 1e-4, name);
    }
    assert.equal(all["seasonal_naive"]!.val.skill, 0);
    const { sources } = await readJson(`${folder}/metrics/val_metrics_seasonal_naive.json`);
    assert.equal(sources.seasonal_lag, 702);
  }));

Deno.test("evaluate() writes the figures of the folds, overall, by origin and by slice", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    await evaluate(folder);
    const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
    for (const name of FOLD_MODELS) {
      const { split, ...overall } = all[name]!.folds!;
      const error = FOLD_ERRORS[name];
      assert.equal(split, "time");
      assert.deepEqual([overall.rmse, overall.mae, overall.wmae], [error, error, error]);
      // The baseline is off by 80.
      assert.equal(overall.skill, 1 - error / 80);
      assert.equal(overall.n, 18 * (13 + 5));

      const { folds } = await readJson(`${folder}/metrics/val_metrics_${name}.json`);
      assert.deepEqual(Object.keys(folds), ["overall", "origins", "slices"]);
      assert.deepEqual(folds.overall, overall);
      assert.deepEqual(Object.keys(folds.origins), ["2011-10-28", "2011-12-23"]);
      assert.equal(folds.origins["2011-10-28"].n, 18 * 13);
      assert.equal(folds.origins["2011-12-23"].mae, error);
      assert.equal(folds.origins["2011-12-23"].skill, 1 - error / 80);
      assert.deepEqual(Object.keys(folds.slices), ["holiday", "store_type", "horizon"]);
      assert.equal(folds.slices.horizon["1-4"].n, 18 * (4 + 4));
      assert.equal(folds.slices.horizon["5-13"].n, 18 * (9 + 1));
      assert.equal(folds.slices.store_type.B.mae, error);
    }
  }));

Deno.test("evaluate() writes how intervals turned out, and takes each model's own", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    await evaluate(folder);
    const predicted = Object.fromEntries(
      await Promise.all(FOLD_MODELS.map(async (name) => [
        name,
        await readPredictions(folder, name),
      ])),
    ) as Record<FoldModel, Awaited<ReturnType<typeof readPredictions>>>;
    // What corrections of these models are counted in.
    const sizes = predicted.rf.predicted.map((value, row) =>
      (value - predicted.seasonal.predicted[row]!) / CORRECTIONS.rf
    );
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    for (const name of FOLD_MODELS) {
      const { intervals } = await readJson(`${folder}/metrics/val_metrics_${name}.json`);
      const [narrow, wide] = intervals.overall;
      assert.deepEqual([intervals.overall.length, narrow.level, wide.level], [2, 0.8, 0.9]);
      assert.deepEqual(Object.keys(intervals.slices.holiday), ["holiday", "other"]);
      if (name === "seasonal_naive") {
        // By its errors on the folds, which are nothing beside those on validation.
        assert.ok(wide.mean_width > 0 && wide.mean_width < mean / 4);
        assert.ok(wide.coverage < 0.5);
        continue;
      }
      // Models of these tests have a quarter and a half of the size to either side.
      assert.ok(Math.abs(narrow.mean_width - 0.5 * mean) < 0.1, `${narrow.mean_width}`);
      assert.ok(Math.abs(wide.mean_width - mean) < 0.1);
      const { actual, predicted: forecast, length } = predicted[name];
      const within = actual.filter((value, row) =>
        Math.abs(value - forecast[row]!) <= 0.25 * sizes[row]!
      );
      // Cents that the file rounds may move a row from one side to the other.
      assert.ok(Math.abs(within.length / length - narrow.coverage) < 1.5 / length);
      assert.ok(narrow.coverage <= wide.coverage);
    }
  }));

Deno.test("evaluate() writes a card beside each model, with the figures of the other files", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    await evaluate(folder);
    const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
    const naive = await readJson(`${folder}/metrics/val_metrics_seasonal_naive.json`);
    const totals = (await Deno.readTextFile(`${folder}/metrics/total_by_week.csv`)).split("\n");
    const curves = await readLearningCurves(`${folder}/metrics/learning_curves.csv`);
    for (const name of CANDIDATES) {
      const { checksum, training } = await readJson(`${folder}/models/${name}.json`);
      const card = (await readCard(`${folder}/models/${name}.json`, checksum))!;
      const one = await readJson(`${folder}/metrics/val_metrics_${name}.json`);
      const { train, folds, val } = all[name]!;
      const { split: _, ...validation } = val;
      assert.deepEqual([card.model, card.split], [name, training.split]);
      assert.deepEqual(card.metrics.validation, validation);
      assert.deepEqual({ ...card.metrics.train, split: "time" }, train);
      assert.deepEqual({ ...card.metrics.folds, split: "time" }, folds);
      const unskilled = JSON.parse(
        JSON.stringify(card.slices, (key, value) => key === "skill" ? undefined : value),
      );
      const { origin, ...slices } = unskilled;
      assert.deepEqual(slices, one.slices);
      assert.deepEqual(card.slices["origin"], one.folds.origins);
      assert.equal(Object.keys(origin).length, 2);
      assert.deepEqual(card.baseline.slices["holiday"], naive.slices.holiday);
      assert.deepEqual(card.coverage, one.intervals.overall);
      assert.deepEqual(card.importance, training.importance);
      const curve = curves.filter(({ model }) => model === name)
        .map(({ model: _, ...point }) => point);
      assert.deepEqual(card.learning_curve, ["rf", "gbr"].includes(name) ? curve : null);
      assert.equal(card.total_by_week.length, 39);
      const index = totals[0]!.split(",").indexOf(name);
      const { date, actual, forecast, baseline } = card.total_by_week[0]!;
      const line = totals[1]!.split(",");
      assert.deepEqual(
        [date, String(actual), String(forecast), String(baseline)],
        [line[1], line[2], line[index], line.at(-1)],
      );
      const { counts, below, above } = card.residuals;
      assert.equal(counts.reduce((sum, count) => sum + count, below + above), 702);
      assert.equal(card.predicted_vs_actual.counts.flat().reduce((sum, n) => sum + n), 702);
    }
    const { model } = await readJson(`${folder}/metrics/best_val_metrics.json`);
    assert.equal(
      await Deno.readTextFile(`${folder}/models/model.card.json`),
      await Deno.readTextFile(`${folder}/models/${model}.card.json`),
    );
  }));

Deno.test("evaluate() names the model as best that has the lowest of select.metric on the folds", () =>
  inFolder(async (folder) => {
    // Of the 13 weeks of a series in the first fold, the second is a holiday.
    const errorOf = (name: FoldModel, row: number): number => {
      switch (name) {
        case "rf":
          return 9;
        case "gbr":
          return row % 2 === 0 ? 16 : 0;
        case "blend":
          return row < 18 * 13 && row % 13 === 1 ? 0 : 10;
        default:
          return 100;
      }
    };
    for (const [metric, winner] of [["rmse", "rf"], ["mae", "gbr"], ["wmae", "blend"]] as const) {
      await makeProject(folder, { metric, errorOf });
      await evaluate(folder);
      const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
      const { model, selected_by, chosen_on, validation, split, ...figures } = await readJson(
        `${folder}/metrics/best_val_metrics.json`,
      );
      assert.equal(model, winner);
      assert.equal(selected_by, metric);
      assert.equal(chosen_on, "folds");
      assert.equal(validation, "last 39 weeks");
      // Its figures are those of the rows held back.
      assert.deepEqual({ ...figures, split }, all[winner]!.val);
    }
  }));

Deno.test("evaluate() labels a random split wherever its figures appear", () =>
  inFolder(async (folder) => {
    await makeProject(folder, { strategy: "random" });
    await evaluate(folder);
    for (const [name, text] of Object.entries(await readAll(`${folder}/metrics`))) {
      if (name.endsWith(".json")) assert.match(text, /"split": "random"/, name);
      // What was forecast from the folds' origins is a forecast, whatever the split.
      const label = name.endsWith("_folds.svg") ? "folds, forecast from" : "(not a forecast)";
      if (name.endsWith(".svg")) assert.ok(text.includes(label), name);
    }
    // Training rows lie around those held back: there is no week that they start from.
    const { slices } = await readJson(`${folder}/metrics/val_metrics_rf.json`);
    assert.deepEqual(Object.keys(slices), ["holiday", "store_type", "department_size"]);
  }));

Deno.test("evaluate() takes what training made of a history too short for trees and folds", () =>
  inFolder(async (folder) => {
    await preprocess(folder, { weeks: 40, validationWeeks: 13 });
    const training = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "--allow-all", `--config=${resolve("deno.json")}`],
        resolve("pipeline/train.ts"),
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const output = new TextDecoder().decode(training.stderr);
    assert.ok(training.success, output);
    await evaluate(folder);
    const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
    for (const name of CANDIDATES) {
      assert.deepEqual(Object.keys(all[name]!), ["val"]);
      assert.deepEqual(all[name], all["seasonal"]);
      assert.equal(all[name]!.val.n, 18 * 13);
      const one = await readJson(`${folder}/metrics/val_metrics_${name}.json`);
      assert.deepEqual(Object.keys(one), ["model", "split", "overall", "slices"]);
      const model = await readJson(`${folder}/models/validation/${name}.json`);
      const { split: _, skill: __, ...figures } = all[name]!.val;
      assert.deepEqual(model.training.metrics, { validation: figures });
      const served = await readJson(`${folder}/models/${name}.json`);
      assert.equal(served.training.weeks.count, 40);
      assert.deepEqual(served.training.metrics, model.training.metrics);
    }
    const best = await readJson(`${folder}/metrics/best_val_metrics.json`);
    assert.equal(best.chosen_on, "validation");
    assert.equal((await readJson(`${folder}/models/model.json`)).name, best.model);
  }));

Deno.test("evaluate() refuses what is missing, damaged or of another split, and writes nothing", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    const refuses = async (message: RegExp) => {
      await assert.rejects(evaluate(folder), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        assert.match(error.message, /deno task repro/);
        return true;
      });
      assert.deepEqual(await readAll(`${folder}/metrics`), {});
    };
    const path = (file: string) => `${folder}/${file}`;

    await Deno.rename(path("models"), path("elsewhere"));
    await refuses(/models\/validation\/seasonal\.json is missing/);
    await Deno.rename(path("elsewhere"), path("models"));

    await Deno.rename(path("data/processed/profile.json"), path("profile"));
    await refuses(/profile\.json is missing/);
    await Deno.writeTextFile(path("data/processed/profile.json"), '{"split":');
    await refuses(/profile\.json is damaged/);
    await Deno.rename(path("profile"), path("data/processed/profile.json"));

    await Deno.rename(path("data/processed/train.parquet"), path("old"));
    await Deno.copyFile(path("data/processed/val.parquet"), path("data/processed/train.parquet"));
    await refuses(/seasonal\.json was trained or validated on other rows/);
    await Deno.rename(path("old"), path("data/processed/train.parquet"));

    const rf = "models/validation/rf.json";
    await Deno.rename(path(rf), path("old"));
    await Deno.copyFile(path("models/validation/gbr.json"), path(rf));
    await refuses(/rf\.json holds the model "gbr"/);
    await Deno.rename(path("old"), path(rf));

    const folds = "metrics/folds.parquet";
    await Deno.rename(path(folds), path("old"));
    await refuses(/folds\.parquet is missing/);
    await Deno.copyFile(path("data/processed/val.parquet"), path(folds));
    await refuses(/folds\.parquet: expected the columns/);
    await Deno.rename(path("old"), path(folds));

    await evaluate(folder);
  }));

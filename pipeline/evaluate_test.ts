import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { candidates } from "../lib/candidates.ts";
import { encodeSales, readSalesTable } from "../lib/dataset/parquet.ts";
import { daysOf, profileDataset } from "../lib/dataset/profile.ts";
import { chooseValidation } from "../lib/dataset/split.ts";
import { UserError } from "../lib/errors.ts";
import { type MetricsAll, regressionMetrics, roundMetrics } from "../lib/evaluation/metrics.ts";
import { MADE_UP_METRICS, smallModel } from "../lib/evaluation/testing.ts";
import { isoWeek, monthOf, yearOf } from "../lib/features/calendar.ts";
import { sha256 } from "../lib/hash.ts";
import { type Params, readParams } from "../lib/params.ts";
import { inFolder } from "../lib/testing.ts";
import { evaluate } from "./evaluate.ts";

/** Sales of 3 stores x 6 departments x 143 weeks, with a season, a trend and a little noise. */
function makeSales(): pl.DataFrame {
  let state = 1;
  const noise = () => (state = state * 16807 % 2147483647) / 2147483647 - 0.5;
  const records = [];
  for (let row = 0; row < 3 * 6 * 143; row++) {
    const [store, dept, week] = [Math.floor(row / (6 * 143)), Math.floor(row / 143) % 6, row % 143];
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
  /** What a model should learn in place of the training sales: one number for all rows. */
  constants?: (validationSales: Float64Array) => Record<string, number>;
}

/** A project's folder as the stages before this one leave it, with models of a few trees. */
async function makeProject(
  folder: string,
  { strategy = "time", metric = "rmse", constants }: ProjectOptions = {},
): Promise<void> {
  const text = await Deno.readTextFile("params.yaml");
  await Deno.writeTextFile(`${folder}/params.yaml`, text.replace(/(metric:) \w+/, `$1 ${metric}`));
  const params = await readParams(`${folder}/params.yaml`);
  const split = { ...params.split, strategy };

  const sales = makeSales();
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

  const hash = async (name: string) => await sha256(await Deno.readFile(`${processed}/${name}`));
  const data = { train: await hash("train.parquet"), validation: await hash("val.parquet") };
  const train = await readSalesTable(`${processed}/train.parquet`);
  const validation = await readSalesTable(`${processed}/val.parquet`);
  const few = { rf: { ...params.rf, n_estimators: 2 }, gbr: { ...params.gbr, n_estimators: 20 } };
  await Deno.mkdir(`${folder}/models`, { recursive: true });
  for (const [name, learner] of Object.entries(candidates(few))) {
    const constant = constants?.(validation.sales)[name];
    const rows = constant === undefined
      ? train
      : { ...train, sales: train.sales.map(() => constant) };
    const model = await smallModel(name, learner, rows, { data, split: profile.split });
    await Deno.writeTextFile(`${folder}/models/${name}.json`, model);
    if (name === "rf") await Deno.writeTextFile(`${folder}/models/model.json`, model);
  }
}

/** Text of every file below a folder, by its path there. */
async function readAll(folder: string, prefix = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, await readAll(path, `${prefix}${name}/`));
    else files[prefix + name] = await Deno.readTextFile(path);
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
    const names = ["rf", "gbr", "seasonal_naive"];
    assert.deepEqual(
      Object.keys(files).sort(),
      [
        "best_val_metrics.json",
        "metrics_all.json",
        "total_by_week.csv",
        "plots/model_comparison.svg",
        "plots/total_by_week.svg",
        ...names.flatMap((name) => [`val_metrics_${name}.json`, `val_predictions_${name}.csv`]),
        ...["rf", "gbr"].flatMap((name) =>
          ["feature_importance", "predicted_vs_actual", "residual_histogram", "residuals_over_time"]
            .map((chart) => `plots/${chart}_${name}.svg`)
        ),
      ].sort(),
    );
    assert.ok(files["plots/total_by_week.svg"]!.includes("last 39 weeks"));
    await evaluate(folder);
    assert.deepEqual(await readAll(`${folder}/metrics`), files);
  }));

Deno.test("evaluate() writes figures that agree with each other, and best is lowest by rmse", () =>
  inFolder(async (folder) => {
    await makeProject(folder);
    await evaluate(folder);
    const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
    assert.deepEqual(Object.keys(all), ["rf", "gbr", "seasonal_naive"]);
    assert.deepEqual(Object.keys(all["rf"]!), ["train", "val"]);
    assert.deepEqual(Object.keys(all["seasonal_naive"]!), ["val"]);
    const keys = ["rmse", "mae", "wmae", "r2", "bias", "n", "split"];
    assert.deepEqual(Object.keys(all["gbr"]!.val), keys);
    // 3 stores x 6 departments x 39 weeks.
    assert.equal(all["gbr"]!.val.n, 702);

    assert.deepEqual(all["rf"]!.train, { ...MADE_UP_METRICS, split: "time" });

    const validation = await readSalesTable(`${folder}/data/processed/val.parquet`);
    for (const name of Object.keys(all)) {
      const { split, ...overall } = all[name]!.val;
      const one = await readJson(`${folder}/metrics/val_metrics_${name}.json`);
      assert.deepEqual([one.model, one.split, one.overall], [name, split, overall]);
      assert.deepEqual(Object.keys(one.slices), ["holiday", "store_type", "department_size"]);
      assert.deepEqual(Object.keys(one.slices.store_type), ["A", "B", "C"]);
      assert.deepEqual(Object.keys(one.slices.department_size), ["q1", "q2", "q3", "q4"]);

      const csv = await Deno.readTextFile(`${folder}/metrics/val_predictions_${name}.csv`);
      const rows = csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
      assert.equal(rows.length, validation.length);
      const predicted = Float64Array.from(rows, (row) => Number(row[4]));
      const fromCsv = roundMetrics(
        regressionMetrics(validation.sales, predicted, validation.features.IsHoliday),
      );
      assert.ok(Math.abs(fromCsv.rmse - overall.rmse) < 0.02, name);
      for (const row of rows) {
        const difference = Number(row[3]) - Number(row[4]) - Number(row[5]);
        assert.ok(Math.abs(difference) < 0.011, row.join());
      }
    }
    const { sources } = await readJson(`${folder}/metrics/val_metrics_seasonal_naive.json`);
    assert.equal(sources.seasonal_lag, 702);

    const best = await readJson(`${folder}/metrics/best_val_metrics.json`);
    const winner = all["rf"]!.val.rmse <= all["gbr"]!.val.rmse ? "rf" : "gbr";
    assert.equal(best.model, winner);
    assert.equal(best.selected_by, "rmse");
    assert.equal(best.validation, "last 39 weeks");
    assert.equal(best.rmse, all[winner]!.val.rmse);
  }));

Deno.test("evaluate() names the model as best that has the lowest of select.metric", () =>
  inFolder(async (folder) => {
    // Of all single numbers the median has the lowest MAE and the mean the lowest RMSE.
    const constants = (sales: Float64Array) => ({
      rf: sales.toSorted()[sales.length >>> 1]!,
      gbr: sales.reduce((sum, value) => sum + value, 0) / sales.length,
    });
    for (const [metric, winner] of [["rmse", "gbr"], ["mae", "rf"]] as const) {
      await makeProject(folder, { metric, constants });
      await evaluate(folder);
      const all: MetricsAll = await readJson(`${folder}/metrics/metrics_all.json`);
      const best = await readJson(`${folder}/metrics/best_val_metrics.json`);
      assert.equal(best.selected_by, metric);
      assert.equal(best.model, winner);
      assert.equal(best[metric], Math.min(all["rf"]!.val[metric], all["gbr"]!.val[metric]));
    }
  }));

Deno.test("evaluate() labels a random split wherever its figures appear", () =>
  inFolder(async (folder) => {
    await makeProject(folder, { strategy: "random" });
    await evaluate(folder);
    for (const [name, text] of Object.entries(await readAll(`${folder}/metrics`))) {
      if (name.endsWith(".json")) assert.match(text, /"split": "random"/, name);
      if (name.endsWith(".svg")) assert.ok(text.includes("(not a forecast)"), name);
    }
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
      await assert.rejects(Deno.stat(`${folder}/metrics`), Deno.errors.NotFound);
    };
    const path = (file: string) => `${folder}/${file}`;

    await Deno.rename(path("models"), path("elsewhere"));
    await refuses(/models\/rf\.json is missing/);
    await Deno.rename(path("elsewhere"), path("models"));

    await Deno.rename(path("data/processed/profile.json"), path("profile"));
    await refuses(/profile\.json is missing/);
    await Deno.writeTextFile(path("data/processed/profile.json"), '{"split":');
    await refuses(/profile\.json is damaged/);
    await Deno.rename(path("profile"), path("data/processed/profile.json"));

    await Deno.rename(path("data/processed/train.parquet"), path("old"));
    await Deno.copyFile(path("data/processed/val.parquet"), path("data/processed/train.parquet"));
    await refuses(/rf\.json was trained or validated on other rows/);
    await Deno.rename(path("old"), path("data/processed/train.parquet"));

    await Deno.rename(path("models/rf.json"), path("old"));
    await Deno.copyFile(path("models/gbr.json"), path("models/rf.json"));
    await refuses(/rf\.json holds the model "gbr"/);
    await Deno.rename(path("old"), path("models/rf.json"));

    await evaluate(folder);
  }));

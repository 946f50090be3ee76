import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { joinRaw } from "../lib/dataset/join_raw.ts";
import { readSalesTable, writeSales } from "../lib/dataset/parquet.ts";
import { daysOf } from "../lib/dataset/profile.ts";
import { RAW_TABLES } from "../lib/dataset/raw_tables.ts";
import { parseRawTable } from "../lib/dataset/read_raw.ts";
import { chooseValidation } from "../lib/dataset/split.ts";
import { UserError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { type MetricsAll, regressionMetrics, roundMetrics } from "../lib/evaluation/metrics.ts";
import { fitFeatures, trainingData } from "../lib/model/columns.ts";
import { encodeModel } from "../lib/model/json.ts";
import { type Params, readParams } from "../lib/params.ts";
import { fit, type Learner } from "../lib/trees/mod.ts";
import { smallHistory } from "../tests/small_history.ts";
import { evaluate } from "./evaluate.ts";

/** What the models say of their own training. */
const TRAIN_METRICS = { rmse: 12.5, mae: 7.25, wmae: 8.5, r2: 0.875, bias: -0.5, n: 1872 };

/** A project's folder as the stages before this one leave it, with models of a few trees. */
async function makeProject(
  folder: string,
  strategy: Params["split"]["strategy"] = "time",
): Promise<void> {
  const text = await Deno.readTextFile("params.yaml");
  await Deno.writeTextFile(`${folder}/params.yaml`, text);
  const params = await readParams("params.yaml");
  const split = { ...params.split, strategy };

  const raw = smallHistory();
  const parse = (name: keyof typeof RAW_TABLES) => {
    const table = RAW_TABLES[name];
    const bytes = new TextEncoder().encode(raw[table.file as keyof typeof raw]);
    return parseRawTable(bytes, table.file, table);
  };
  const tables = {
    train: parse("train"),
    features: parse("features"),
    stores: parse("stores"),
  };
  const { sales } = joinRaw(tables, "data");
  const marks = pl.Series("validates", chooseValidation(daysOf(sales), split));
  const marked = sales.withColumns(marks);
  for (const [mark, name] of ["train", "val"].entries()) {
    const rows = marked.filter(pl.col("validates").eq(mark)).drop("validates");
    await writeSales(`${folder}/data/processed/${name}.parquet`, rows);
  }
  await Deno.writeTextFile(`${folder}/data/processed/profile.json`, JSON.stringify({ split }));

  const path = `${folder}/data/processed/train.parquet`;
  const train = await readSalesTable(path);
  const features = fitFeatures(train.features);
  const learners: Record<string, Learner> = {
    rf: { algorithm: "random_forest", parameters: { ...params.rf, n_estimators: 2 } },
    gbr: { algorithm: "gradient_boosting", parameters: { ...params.gbr, n_estimators: 20 } },
  };
  await Deno.mkdir(`${folder}/models`);
  for (const [name, learner] of Object.entries(learners)) {
    const { ensemble } = fit(trainingData(features, train.features, train.sales), learner);
    const model = await encodeModel({
      name,
      algorithm: learner.algorithm,
      features,
      ensemble,
      training: {
        data: await sha256(await Deno.readFile(path)),
        rows: train.length,
        weeks: { first: "2010-02-05", last: "2012-01-27", count: 104 },
        split,
        parameters: learner.parameters,
        metrics: { train: TRAIN_METRICS, validation: TRAIN_METRICS },
        importance: { Store: 0.25, Dept: 0.75 },
      },
    });
    await Deno.writeTextFile(`${folder}/models/${name}.json`, model);
    if (name === "rf") await Deno.writeTextFile(`${folder}/models/model.json`, model);
  }
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
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

    assert.deepEqual(all["rf"]!.train, { ...TRAIN_METRICS, split: "time" });

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
    assert.equal(sources.weeks_52, 702);

    const best = await readJson(`${folder}/metrics/best_val_metrics.json`);
    const winner = all["rf"]!.val.rmse <= all["gbr"]!.val.rmse ? "rf" : "gbr";
    assert.equal(best.model, winner);
    assert.equal(best.selected_by, "rmse");
    assert.equal(best.validation, "last 39 weeks");
    assert.equal(best.rmse, all[winner]!.val.rmse);
  }));

Deno.test("evaluate() labels a random split wherever its figures appear", () =>
  inFolder(async (folder) => {
    await makeProject(folder, "random");
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
    await refuses(/models holds no models/);
    await Deno.rename(path("elsewhere"), path("models"));

    await Deno.rename(path("data/processed/profile.json"), path("profile"));
    await refuses(/profile\.json is missing/);
    await Deno.writeTextFile(path("data/processed/profile.json"), '{"split":');
    await refuses(/profile\.json: expected split\.strategy/);
    await Deno.rename(path("profile"), path("data/processed/profile.json"));

    await Deno.rename(path("data/processed/train.parquet"), path("old"));
    await Deno.copyFile(path("data/processed/val.parquet"), path("data/processed/train.parquet"));
    await refuses(/rf\.json was trained on other rows/);
    await Deno.rename(path("old"), path("data/processed/train.parquet"));

    await evaluate(folder);
  }));

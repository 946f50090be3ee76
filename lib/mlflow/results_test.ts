import assert from "node:assert/strict";
import { dirname } from "node:path";
import { stringify } from "yaml";
import { type CandidateName, CANDIDATES } from "../candidates.ts";
import type { Profile } from "../dataset/profile.ts";
import { UserError } from "../errors.ts";
import { encodeCard } from "../evaluation/card/card.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import { smallCard, smallModel } from "../evaluation/testing.ts";
import { sha256 } from "../hash.ts";
import type { TrainingFacts } from "../model/model.ts";
import { modelParameters } from "../model/model_parameters.ts";
import { readParams } from "../params.ts";
import type { AppliedSplit, Params } from "../params_schema.ts";
import { inFolder } from "../testing.ts";
import { plotOwner, readResults } from "./results.ts";

const TRAIN_ROWS = "PAR1 training rows";
const VALIDATION_ROWS = "PAR1 validation rows";

/** Figures on training rows, folds and validation rows, which mean nothing. */
const FIGURES: Record<CandidateName, Required<TrainingFacts["metrics"]>> = {
  seasonal: { train: figures(14), folds: figures(15), validation: figures(26) },
  rf: { train: figures(10), folds: figures(13), validation: figures(24) },
  gbr: { train: figures(12), folds: figures(11), validation: figures(20) },
  blend: { train: figures(9), folds: figures(17), validation: figures(22) },
};

function figures(rmse: number): Metrics {
  return { rmse, mae: rmse / 2, wmae: rmse * 0.75, r2: 0.5, bias: -1.5, n: 8 };
}

const json = (value: unknown) => JSON.stringify(value, null, 2) + "\n";

/** The part of a split that its strategy uses. */
function applied({ strategy, ...split }: Params["split"]): AppliedSplit {
  const { validation_weeks, validation_fraction, seed } = split;
  return strategy === "time"
    ? { strategy, validation_weeks }
    : { strategy, validation_fraction, seed };
}

function makeProfile(split: Params["split"]): Profile {
  const weeks = { first: "2010-02-05", last: "2010-02-12", count: 2 };
  return {
    split: applied(split),
    rows: { raw: 16, train: 8, validation: 8 },
    dropped: [],
    stores: 1,
    departments: 1,
    weeks: { all: weeks, train: weeks, validation: weeks },
    nulls: {},
  };
}

/** Text of a model's file as training would leave it; the model knows one row. */
async function modelText(
  name: CandidateName,
  params: Params,
  { rows = TRAIN_ROWS, ...facts }: Partial<Omit<TrainingFacts, "rows">> & { rows?: string } = {},
): Promise<string> {
  return await smallModel(name, {
    data: { train: await sha256(rows), validation: await sha256(VALIDATION_ROWS) },
    split: applied(params.split),
    parameters: modelParameters(name, params, { rf: 0.5, gbr: 0.25 }),
    metrics: FIGURES[name],
    ...facts,
  });
}

/** Runs a test in a folder with the files that a run of the pipeline leaves. */
function withResults(
  check: (folder: string, params: Params) => Promise<void>,
  strategy: Params["split"]["strategy"] = "time",
): Promise<void> {
  return inFolder(async (folder) => {
    const usual = await readParams();
    const params = { ...usual, split: { ...usual.split, strategy } };
    const on = (metrics: Metrics) => ({ ...metrics, split: strategy });
    const forecast = (metrics: Metrics) => ({ ...on(metrics), skill: 0.25 });
    const files: Record<string, string> = {
      "params.yaml": stringify(params),
      "dvc.lock": "schema: '2.0'\n",
      "data/processed/train.parquet": TRAIN_ROWS,
      "data/processed/val.parquet": VALIDATION_ROWS,
      "metrics/folds.parquet": "PAR1 folds",
      "data/processed/profile.json": json(makeProfile(params.split)),
      "metrics/metrics_all.json": json({
        ...Object.fromEntries(CANDIDATES.map((name) => {
          const { train, folds, validation } = FIGURES[name];
          return [name, { train: on(train), folds: forecast(folds), val: forecast(validation) }];
        })),
        seasonal_naive: { folds: forecast(figures(18)), val: forecast(figures(16)) },
      }),
      "metrics/best_val_metrics.json": json({
        model: "gbr",
        validation: "last 39 weeks",
        selected_by: "wmae",
        chosen_on: "folds",
        ...forecast(FIGURES.gbr.validation),
      }),
      "metrics/plots/model_comparison.svg": "<svg/>",
      "metrics/report.html": "<!doctype html>",
      "metrics/learning_curves.csv":
        "model,trees,rmse,mae,wmae\nrf,1,30,15,20\ngbr,1,40,20,30\ngbr,2,20,10,15\n",
    };
    for (const name of [...CANDIDATES, "seasonal_naive"]) {
      files[`metrics/val_metrics_${name}.json`] = json({
        model: name,
        slices: { store_type: { A: { rmse: 1, mae: 2, wmae: 3, r2: 1, bias: 0, n: 4 } } },
      });
      files[`metrics/val_predictions_${name}.csv`] = "Store,Dept,Date,actual,prediction,residual\n";
    }
    for (const name of CANDIDATES) {
      files[`metrics/train_metrics_${name}.json`] = json(FIGURES[name].train);
      files[`metrics/plots/residual_histogram_${name}.svg`] = `<svg id="${name}"/>`;
      files[`models/validation/${name}.json`] = await modelText(name, params);
      const served = await modelText(name, params, { fitted_on: "all" });
      files[`models/${name}.json`] = served;
      files[`models/${name}.card.json`] = cardOf(name, served);
    }
    for (const [file, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${folder}/${file}`), { recursive: true });
      await Deno.writeTextFile(`${folder}/${file}`, text);
    }
    await check(folder, params);
  });
}

/** The text of the card of a model's file. */
function cardOf(name: CandidateName, model: string): string {
  return encodeCard(smallCard(name, JSON.parse(model).checksum));
}

type Child = Awaited<ReturnType<typeof readResults>>["children"][number];

const artifacts = ({ files }: { files: { artifact: string }[] }) =>
  files.map(({ artifact }) => artifact);

Deno.test("readResults() gives each model its parameters, metrics and files", async () => {
  await withResults(async (folder, params) => {
    const { best, split, children } = await readResults(folder);
    assert.equal(best, "gbr");
    assert.equal(split, "time");
    assert.deepEqual(children.map(({ model }) => model), ["seasonal", "rf", "gbr", "blend"]);
    const [seasonal, rf, gbr, blend] = children as [Child, Child, Child, Child];
    assert.equal(rf.runName, "rf (time split)");
    assert.equal(rf.params["n_estimators"], String(params.rf.n_estimators));
    assert.equal(rf.params["max_depth"], "null");
    assert.equal(rf.params["seasonal.rank"], String(params.seasonal.rank));
    assert.equal(rf.params["split.validation_weeks"], "39");
    assert.equal(rf.params["folds.horizon_weeks"], "39");
    assert.equal(rf.params["select.metric"], "wmae");
    assert.equal("learning_rate" in rf.params, false);
    assert.equal(gbr.params["learning_rate"], String(params.gbr.learning_rate));
    assert.equal("n_estimators" in seasonal.params, false);
    assert.equal(seasonal.params["seasonal.rank"], rf.params["seasonal.rank"]);
    assert.equal(blend.params["rf.n_estimators"], String(params.rf.n_estimators));
    assert.equal(blend.params["gbr.n_estimators"], String(params.gbr.n_estimators));
    assert.equal(blend.params["shares.rf"], "0.5");
    assert.equal(blend.params["shares.gbr"], "0.25");
    assert.equal(rf.metrics["train_rmse"], 10);
    assert.equal(rf.metrics["folds_rmse"], 13);
    assert.equal(rf.metrics["val_wmae"], 18);
    assert.equal(rf.metrics["val_r2"], 0.5);
    assert.equal(rf.metrics["val_skill"], 0.25);
    assert.equal("val_split" in rf.metrics, false);
    assert.deepEqual(artifacts(rf), [
      "metrics/train_metrics_rf.json",
      "metrics/val_metrics_rf.json",
      "metrics/rf.card.json",
      "predictions/val_predictions_rf.csv",
      "plots/residual_histogram_rf.svg",
    ]);
    assert.equal(rf.modelFile, "models/rf.json");
    assert.match(rf.description, /^\| validation, seasonal naive \| 16 \| 8 \| 12 \|/m);
    assert.match(rf.description, /^\| store type: A \| 1 \| 2 \| 3 \| 0 \|$/m);
    assert.deepEqual(seasonal.history, []);
    assert.deepEqual(gbr.history.filter(({ key }) => key === "val_wmae_by_trees"), [
      { key: "val_wmae_by_trees", value: 30, step: 1 },
      { key: "val_wmae_by_trees", value: 15, step: 2 },
    ]);
  });
});

Deno.test("readResults() puts the baseline and what is shared into the parent", async () => {
  await withResults(async (folder) => {
    const { parent, datasets, naive } = await readResults(folder);
    assert.equal(naive, 12);
    assert.equal(parent.runName, "retail demand, best gbr (time split)");
    assert.equal(parent.metrics["best_val_rmse"], 20);
    assert.equal(parent.metrics["seasonal_naive_val_rmse"], 16);
    assert.deepEqual(artifacts(parent), [
      "metrics/metrics_all.json",
      "metrics/best_val_metrics.json",
      "metrics/folds.parquet",
      "metrics/learning_curves.csv",
      "report.html",
      "metrics/val_metrics_seasonal_naive.json",
      "predictions/val_predictions_seasonal_naive.csv",
      "data/profile.json",
      "plots/model_comparison.svg",
      "params.yaml",
      "dvc.lock",
    ]);
    assert.deepEqual(datasets.map(({ name, context }) => [name, context]), [
      ["train", "training"],
      ["val", "validation"],
    ]);
    // The first 32 digits of each file's SHA-256: MLflow refuses more than 36 characters.
    assert.deepEqual(datasets.map(({ digest }) => digest), [
      (await sha256(TRAIN_ROWS)).slice(0, 32),
      (await sha256(VALIDATION_ROWS)).slice(0, 32),
    ]);
    assert.notEqual(datasets[0]!.digest, datasets[1]!.digest);
  });
});

Deno.test("readResults() labels a random split in every run's name", async () => {
  await withResults(async (folder) => {
    const { split, parent, children } = await readResults(folder);
    assert.equal(split, "random");
    for (const { runName } of [parent, ...children]) {
      assert.match(runName, /\(random split, not a forecast\)$/);
    }
  }, "random");
});

Deno.test("readResults() has a digest that every file of the results changes", async () => {
  await withResults(async (folder) => {
    const { digest, parent, children } = await readResults(folder);
    const files = [...parent.files, ...children.flatMap(({ files }) => files)]
      .map(({ file }) => file)
      .filter((file) => !["dvc.lock", "params.yaml"].includes(file));
    for (const file of files) {
      const before = await Deno.readTextFile(`${folder}/${file}`);
      await Deno.writeTextFile(`${folder}/${file}`, before + "\n");
      assert.notEqual((await readResults(folder)).digest, digest, file);
      await Deno.writeTextFile(`${folder}/${file}`, before);
    }
    assert.equal((await readResults(folder)).digest, digest);
  });
});

Deno.test("readResults() has a digest that no comment in params.yaml and no dvc.lock changes", async () => {
  await withResults(async (folder, params) => {
    const { digest } = await readResults(folder);
    await Deno.remove(`${folder}/dvc.lock`);
    const reversed = Object.fromEntries(Object.entries(params).reverse());
    await Deno.writeTextFile(`${folder}/params.yaml`, `# A comment.\n${stringify(reversed)}`);
    assert.equal((await readResults(folder)).digest, digest);
  });
});

Deno.test("readResults() names a missing file and what makes it", async () => {
  await withResults(async (folder) => {
    const { parent, children } = await readResults(folder);
    const files = [...parent.files, ...children.flatMap(({ files }) => files)]
      .map(({ file }) => file)
      .filter((file) => file !== "dvc.lock" && !file.includes("plots/"));
    for (const file of [...files, "data/processed/val.parquet", "metrics/plots"]) {
      await Deno.rename(`${folder}/${file}`, `${folder}/away`);
      await assert.rejects(
        readResults(folder),
        (error) =>
          error instanceof UserError && error.message.includes(file) &&
          /Run `deno task repro`|git checkout params.yaml/.test(error.message),
        file,
      );
      await Deno.rename(`${folder}/away`, `${folder}/${file}`);
    }
  });
});

/** Changes one file, expects that it is refused with `message`, and puts it back. */
async function refuses(
  folder: string,
  file: string,
  change: (text: string) => string,
  message: string,
): Promise<void> {
  const before = await Deno.readTextFile(`${folder}/${file}`);
  const after = change(before);
  assert.notEqual(after, before, message);
  await Deno.writeTextFile(`${folder}/${file}`, after);
  await assert.rejects(readResults(folder), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.includes(message), `${error.message}\nlacks\n${message}`);
    return true;
  });
  await Deno.writeTextFile(`${folder}/${file}`, before);
  await readResults(folder);
}

Deno.test("readResults() refuses results that params.yaml did not make", async () => {
  await withResults(async (folder, params) => {
    const { rf, gbr, seasonal } = params;
    const validation = "models/validation";
    const cases = [
      [
        `n_estimators: ${rf.n_estimators}`,
        "n_estimators: 7",
        `params.yaml: rf.n_estimators is 7, but ${validation}/rf.json has ${rf.n_estimators}`,
      ],
      [
        `learning_rate: ${gbr.learning_rate}`,
        "learning_rate: 0.7",
        `gbr.learning_rate is 0.7, but ${validation}/gbr.json has ${gbr.learning_rate}`,
      ],
      [
        `rank: ${seasonal.rank}`,
        "rank: 99",
        `seasonal.rank is 99, but ${validation}/seasonal.json has ${seasonal.rank}`,
      ],
      [
        "horizon_weeks: 39",
        "horizon_weeks: 13",
        `folds.horizon_weeks is 13, but ${validation}/seasonal.json has 39`,
      ],
      [
        "strategy: time",
        "strategy: random",
        "profile.json: split.strategy is time, but params.yaml has random",
      ],
      [
        "validation_weeks: 39",
        "validation_weeks: 13",
        "split.validation_weeks is 39, but params.yaml has 13",
      ],
      ["metric: wmae", "metric: mae", "select.metric is mae, but metrics/best_val_metrics.json"],
    ] as const;
    for (const [from, to, message] of cases) {
      await refuses(folder, "params.yaml", (text) => text.replace(from, to), message);
    }
  });
});

Deno.test("readResults() refuses models that were trained anew and not evaluated", async () => {
  await withResults(async (folder, params) => {
    const usual = FIGURES.rf, file = "models/validation/rf.json";
    const all = "metrics/metrics_all.json (rf)";
    const trained = {
      [`${file}: train.rmse is 11, but ${all} has 10`]: { train: figures(11) },
      [`${file}: folds.rmse is 12, but ${all} has 13`]: { folds: figures(12) },
      [`${file}: validation.rmse is 23, but ${all} has 24`]: { validation: figures(23) },
    };
    for (const [message, changed] of Object.entries(trained)) {
      const text = await modelText("rf", params, { metrics: { ...usual, ...changed } });
      await refuses(folder, file, () => text, message);
    }
    const others = {
      [`split.validation_weeks is 39, but ${file} has 7`]: await modelText("rf", params, {
        split: { strategy: "time", validation_weeks: 7 },
      }),
      [`${file} was trained or validated on other rows`]: await modelText("rf", params, {
        rows: VALIDATION_ROWS,
      }),
    };
    for (const [message, text] of Object.entries(others)) {
      await refuses(folder, file, () => text, message);
    }
  });
});

Deno.test("readResults() refuses a served model that is damaged, or not the validated one's twin", async () => {
  await withResults(async (folder, params) => {
    const file = "models/gbr.json";
    const message = `${file} was not trained together with models/validation/gbr.json`;
    const others = [
      await modelText("gbr", params),
      await modelText("rf", params, { fitted_on: "all" }),
      await modelText("gbr", params, { fitted_on: "all", rows: VALIDATION_ROWS }),
      await modelText("gbr", params, { fitted_on: "all", metrics: FIGURES.rf }),
    ];
    for (const text of others) await refuses(folder, file, () => text, message);
    await refuses(folder, file, (text) => text.replace("all", "any"), `${file} is damaged`);
  });
});

Deno.test("readResults() refuses a card that is missing, damaged or of another model", async () => {
  await withResults(async (folder) => {
    const file = "models/gbr.card.json", path = `${folder}/${file}`;
    const other = encodeCard(smallCard("gbr", `sha256:${"0".repeat(64)}`));
    await refuses(folder, file, () => other, `${file} is missing, or of another gbr.json`);
    await refuses(folder, file, (text) => text.slice(1), `${file} is no whole evaluation card`);
    await Deno.remove(path);
    await assert.rejects(readResults(folder), /gbr\.card\.json is missing, .* `deno task repro`/);
  });
});

Deno.test("readResults() takes figures of a history too short for trees and folds", async () => {
  await withResults(async (folder, params) => {
    const all = `${folder}/metrics/metrics_all.json`;
    const metrics = JSON.parse(await Deno.readTextFile(all));
    for (const name of CANDIDATES) {
      const { validation } = FIGURES[name];
      const facts = { metrics: { validation } };
      for (const [path, fitted_on] of [["validation/", "train"], ["", "all"]] as const) {
        const text = await modelText(name, params, { ...facts, fitted_on });
        await Deno.writeTextFile(`${folder}/models/${path}${name}.json`, text);
        await Deno.writeTextFile(`${folder}/models/${name}.card.json`, cardOf(name, text));
      }
      metrics[name] = { val: metrics[name].val };
    }
    metrics.seasonal_naive = { val: metrics.seasonal_naive.val };
    await Deno.writeTextFile(all, json(metrics));
    const { children } = await readResults(folder);
    for (const { metrics } of children) {
      assert.deepEqual(
        Object.keys(metrics),
        ["rmse", "mae", "wmae", "r2", "bias", "n", "skill"].map((name) => `val_${name}`),
      );
    }
  });
});

Deno.test("readResults() refuses data that were made anew and not trained on", async () => {
  await withResults(async (folder) => {
    for (const file of ["data/processed/train.parquet", "data/processed/val.parquet"]) {
      await refuses(
        folder,
        file,
        (text) => `${text}!`,
        "seasonal.json was trained or validated on other rows",
      );
    }
  });
});

Deno.test("readResults() refuses metrics that are not of these models, or damaged", async () => {
  await withResults(async (folder) => {
    const all = "metrics/metrics_all.json";
    const best = "metrics/best_val_metrics.json";
    const cases: [file: string, from: string | RegExp, to: string, message: string][] = [
      [
        all,
        '"rf"',
        '"svd"',
        `${all}: expected figures of ${CANDIDATES.join(", ")}, seasonal_naive,`,
      ],
      [all, '"train"', '"test"', `train.rmse is 14, but ${all} (seasonal) has undefined`],
      [all, '"folds"', '"test"', `folds.rmse is 15, but ${all} (seasonal) has undefined`],
      [all, '"rmse": 16', '"rmse": "16', `${all} is not valid JSON`],
      [all, '"rmse": 16', '"rmse": null', `${all}: seasonal_naive.val.rmse: `],
      [all, /"time"(?![^]*"time")/, '"random"', `split.strategy is time, but ${all} has random`],
      [best, '"gbr"', '"svd"', `${best} names "svd"`],
      [best, '"gbr"', '"rf"', `${all}: rf.val.rmse is 24, but ${best} has 20`],
    ];
    for (const [file, from, to, message] of cases) {
      await refuses(folder, file, (text) => text.replace(from, to), message);
    }
  });
});

Deno.test("plotOwner() is the longest model's name that ends the file's", () => {
  const models = ["rf", "quantile_rf"];
  assert.equal(plotOwner("residuals_rf.svg", models), "rf");
  assert.equal(plotOwner("residuals_quantile_rf.svg", models), "quantile_rf");
  assert.equal(plotOwner("total_by_week.svg", models), null);
  assert.equal(plotOwner("surf.svg", models), null);
});

import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { writeMadeUpResults } from "./made_up_results.ts";
import { plotOwner, readResults } from "./results.ts";

async function withResults(
  check: (folder: string) => Promise<void>,
  strategy: "time" | "random" = "time",
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeMadeUpResults(folder, strategy);
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const artifacts = ({ files }: { files: { artifact: string }[] }) =>
  files.map(({ artifact }) => artifact);

Deno.test("readResults() gives each model its parameters, metrics and files", async () => {
  await withResults(async (folder) => {
    const { best, split, children } = await readResults(folder);
    assert.equal(best, "gbr");
    assert.equal(split, "time");
    assert.deepEqual(children.map(({ model }) => model), ["rf", "gbr"]);
    const rf = children[0]!;
    assert.equal(rf.runName, "rf (time split)");
    assert.equal(rf.params["n_estimators"], "100");
    assert.equal(rf.params["max_depth"], "null");
    assert.equal(rf.params["split.validation_weeks"], "39");
    assert.equal(rf.params["select.metric"], "rmse");
    assert.equal(rf.metrics["train_rmse"], 10);
    assert.equal(rf.metrics["val_wmae"], 18);
    assert.equal(rf.metrics["val_r2"], NaN);
    assert.equal("val_split" in rf.metrics, false);
    assert.deepEqual(artifacts(rf), [
      "metrics/train_metrics_rf.json",
      "metrics/val_metrics_rf.json",
      "predictions/val_predictions_rf.csv",
      "plots/residual_histogram_rf.svg",
      "model/rf.json",
    ]);
  });
});

Deno.test("readResults() puts the baseline and what is shared into the parent", async () => {
  await withResults(async (folder) => {
    const { parent, datasets } = await readResults(folder);
    assert.equal(parent.runName, "retail demand, best gbr (time split)");
    assert.equal(parent.metrics["best_val_rmse"], 20);
    assert.equal(parent.metrics["seasonal_naive_val_rmse"], 16);
    assert.deepEqual(artifacts(parent), [
      "metrics/metrics_all.json",
      "metrics/best_val_metrics.json",
      "metrics/val_metrics_seasonal_naive.json",
      "data/profile.json",
      "plots/model_comparison.svg",
      "params.yaml",
      "dvc.lock",
    ]);
    assert.deepEqual(datasets.map(({ name, context }) => [name, context]), [
      ["train", "training"],
      ["val", "validation"],
    ]);
    // MLflow refuses more than 36 characters.
    for (const { digest } of datasets) assert.match(digest, /^[0-9a-f]{32}$/);
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

Deno.test("readResults() has a digest that every result changes, and dvc.lock does not", async () => {
  await withResults(async (folder) => {
    const { digest, parent, children } = await readResults(folder);
    await Deno.remove(`${folder}/dvc.lock`);
    assert.equal((await readResults(folder)).digest, digest);
    const files = [...parent.files, ...children.flatMap(({ files }) => files)]
      .map(({ file }) => file)
      .filter((file) => file !== "dvc.lock");
    for (const file of [...files, "data/processed/train.parquet", "data/processed/val.parquet"]) {
      const before = await Deno.readTextFile(`${folder}/${file}`);
      await Deno.writeTextFile(`${folder}/${file}`, before + "\n");
      assert.notEqual((await readResults(folder)).digest, digest, file);
      await Deno.writeTextFile(`${folder}/${file}`, before);
    }
  });
});

Deno.test("readResults() names a missing file and what makes it", async () => {
  await withResults(async (folder) => {
    const { parent, children } = await readResults(folder);
    const optional = ["dvc.lock", "metrics/val_metrics_seasonal_naive.json"];
    const files = [...parent.files, ...children.flatMap(({ files }) => files)]
      .map(({ file }) => file)
      .filter((file) => !optional.includes(file) && !file.includes("plots/"));
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

Deno.test("readResults() refuses results that params.yaml did not make", async () => {
  await withResults(async (folder) => {
    const params = await Deno.readTextFile(`${folder}/params.yaml`);
    const cases = [
      ["n_estimators: 100", "n_estimators: 50", "rf.n_estimators is 50, but models/rf.json"],
      ["strategy: time", "strategy: random", "split.strategy is random, but data/processed"],
      ["validation_weeks: 39", "validation_weeks: 13", "split.validation_weeks is 13"],
    ] as const;
    for (const [from, to, message] of cases) {
      await Deno.writeTextFile(`${folder}/params.yaml`, params.replace(from, to));
      await assert.rejects(
        readResults(folder),
        (error) => error instanceof UserError && error.message.includes(message),
        to,
      );
    }
  });
});

Deno.test("readResults() refuses a name that would lead out of a folder", async () => {
  await withResults(async (folder) => {
    const path = `${folder}/metrics/metrics_all.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"rf"', '"../rf"'));
    await assert.rejects(
      readResults(folder),
      (error) => error instanceof UserError && error.message.startsWith("metrics/metrics_all.json"),
    );
    await Deno.writeTextFile(path, "{");
    await assert.rejects(
      readResults(folder),
      (error) => error instanceof UserError && error.message.includes("is not valid JSON"),
    );
  });
});

Deno.test("plotOwner() is the longest model's name that ends the file's", () => {
  const models = ["rf", "quantile_rf"];
  assert.equal(plotOwner("residuals_rf.svg", models), "rf");
  assert.equal(plotOwner("residuals_quantile_rf.svg", models), "quantile_rf");
  assert.equal(plotOwner("total_by_week.svg", models), null);
  assert.equal(plotOwner("surf.svg", models), null);
});

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { cloneProject, commit, copyProject, must, type Project } from "./project.ts";

const RESULTS = ["models", "metrics", "data/processed"];
const NAMES = ["seasonal", "rf", "gbr", "blend"];

Deno.test("deno task repro, from raw tables to logged models", async (t) => {
  await using project = await copyProject();

  await t.step("runs every stage, logs the models and prints the table", async () => {
    const { stdout } = await must(project.task("repro"));
    for (const stage of ["preprocess", "train", "eval", "log_mlflow"]) {
      assert.match(stdout, new RegExp(`Running stage '${stage}'`));
    }
    for (
      const path of [
        ...NAMES.flatMap((name) => [`models/${name}.json`, `models/validation/${name}.json`]),
        "metrics/metrics_all.json",
      ]
    ) {
      assert.ok(JSON.parse(await project.read(path)), path);
    }
    const winner = JSON.parse(await project.read("metrics/best_val_metrics.json")).model;
    assert.equal(
      await project.read("models/model.json"),
      await project.read(`models/${winner}.json`),
    );
    assert.equal(
      await project.read("models/model.card.json"),
      await project.read(`models/${winner}.card.json`),
    );
    assert.match(stdout, /model +RMSE +MAE +WMAE +R2/);
    for (const name of [...NAMES, "seasonal_naive"]) {
      assert.match(stdout, new RegExp(`^${name} +[\\d,]+ +[\\d,]+ +[\\d,]+ +-?\\d`, "m"));
    }
    assert.match(stdout, /deno task mlflow/);
    assert.deepEqual(countRuns(project), { parents: 1, children: NAMES.length });
  });

  await t.step("does nothing the second time", async () => {
    await commit(project, "results");
    const before = await project.hashes(...RESULTS);
    const { stdout } = await must(project.task("repro"));
    assert.match(stdout, /Data and pipelines are up to date/);
    assert.doesNotMatch(stdout, /Running stage/);
    assert.match(stdout, /model +RMSE +MAE +WMAE +R2/);
    assert.deepEqual(await project.hashes(...RESULTS), before);
    assert.deepEqual(countRuns(project), { parents: 1, children: NAMES.length });
    assert.equal((await project.run("git", "status", "--short")).stdout, "");
  });

  await t.step("forecast writes all coming weeks of all series, with intervals", async () => {
    const { stdout } = await must(project.task("forecast"));
    // 3 stores x 6 departments x 10 weeks.
    assert.match(stdout, /^180 forecasts by \w+, 2012-11-02 to 2013-01-04, in forecasts\//m);
    const lines = (await project.read("forecasts/forecast.csv")).trimEnd().split("\n");
    assert.equal(lines.length, 181);
    assert.equal(
      lines[0],
      "Store,Dept,Date,IsHoliday,forecast,lower_80,upper_80,lower_90,upper_90,basis",
    );
    assert.match(lines[1]!, /^1,1,2012-11-02,FALSE,(\d+\.\d\d,){5}seasonal$/);
    for (const line of lines.slice(1)) {
      const [forecast, low80, high80, low90, high90] = line.split(",").slice(4, 9).map(Number);
      assert.ok(low90! <= low80! && low80! <= forecast!, line);
      assert.ok(forecast! <= high80! && high80! <= high90!, line);
    }
    assert.match(await project.read("forecasts/forecast.svg"), /^<svg/);
    assert.equal((await project.run("git", "status", "--short")).stdout, "");
  });

  await t.step("submission writes what test.csv asks for, in its order", async () => {
    const missing = await project.task("submission");
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^error: data\/test\.csv is missing\. .*--test/m);
    const test = "Store,Dept,Date,IsHoliday\n2,3,2012-11-23,TRUE\n1,1,2012-11-02,FALSE\n";
    await project.write("elsewhere.csv", test);
    await must(project.task("submission", "--test", "elsewhere.csv"));
    const lines = (await project.read("forecasts/submission.csv")).trimEnd().split("\n");
    assert.equal(lines[0], "Id,Weekly_Sales");
    assert.match(lines[1]!, /^2_3_2012-11-23,\d+\.\d\d$/);
    const forecasts = await project.read("forecasts/forecast.csv");
    const first = forecasts.split("\n")[1]!.split(",");
    assert.equal(lines[2], `1_1_2012-11-02,${first[4]}`);
    await project.write("elsewhere.csv", test.replace("2012-11-23", "2012-11-22"));
    const wrong = await project.task("submission", "--test", "elsewhere.csv");
    assert.match(wrong.stderr, /^error: elsewhere\.csv: expected all weeks .* found 2012-11-22/m);
    await Deno.remove(project.path("elsewhere.csv"));
  });

  await t.step("runs no stage for a changed test or a text for people", async () => {
    await project.write("lib/trees/new_test.ts", "// A test.\n");
    await project.write("lib/features/NOTES.md", "Notes.\n");
    const { stdout } = await must(project.task("dvc", "status"));
    assert.match(stdout, /up to date/);
  });

  await t.step("--dry and a stage's name reach DVC, and then nothing is logged", async () => {
    await project.edit("params.yaml", "  n_estimators: 4 ", "  n_estimators: 5 ");
    const before = await project.hashes(...RESULTS);
    const dry = await must(project.task("repro", "--dry"));
    assert.match(dry.stdout, /Running stage 'train'/);
    assert.deepEqual(await project.hashes(...RESULTS), before);

    const { stdout } = await must(project.task("repro", "eval"));
    assert.match(stdout, /Stage 'preprocess' didn't change/);
    assert.match(stdout, /Running stage 'train'/);
    assert.match(stdout, /Running stage 'eval'/);
    assert.doesNotMatch(stdout, /log_mlflow/);
    assert.notEqual((await project.hashes("models"))["models/rf.json"], before["models/rf.json"]);
    assert.equal((await project.hashes("models"))["models/gbr.json"], before["models/gbr.json"]);
    assert.deepEqual(countRuns(project), { parents: 1, children: NAMES.length });
  });

  await t.step("DVC compares parameters and metrics, and draws plots", async () => {
    const params = await must(project.task("dvc", "params", "diff"));
    assert.match(params.stdout, /params\.yaml +rf\.n_estimators +4 +5/);
    const metrics = await must(project.task("dvc", "metrics", "diff"));
    assert.match(metrics.stdout, /metrics_all\.json +rf\.val\.rmse/);
    const plots = await must(project.task("dvc", "plots", "show"));
    assert.match(plots.stdout, /dvc_plots.index\.html/);
    const html = await project.read("dvc_plots/index.html");
    assert.match(html, /feature_importance_rf\.svg/);
    assert.match(html, /Sales by week on validation/);
    const dag = await must(project.task("dvc", "dag"));
    assert.match(dag.stdout, /preprocess[^]*train[^]*eval[^]*log_mlflow/);
  });

  await t.step("dvc exp run --set-param runs what depends on it, and logs it", async () => {
    await commit(project, "five trees");
    const { stdout } = await must(
      project.task("dvc", "exp", "run", "--set-param", "gbr.n_estimators=9"),
    );
    assert.match(stdout, /Stage 'preprocess' didn't change/);
    assert.match(stdout, /Ran experiment/);
    assert.match(await project.read("params.yaml"), /n_estimators: 9 /);
    assert.deepEqual(countRuns(project), { parents: 2, children: 2 * NAMES.length });
  });

  await t.step(
    "logs again where the MLflow store has gone, though DVC has nothing to do",
    async () => {
      await Deno.remove(project.path("mlflow.db"));
      const { stdout } = await must(project.task("repro"));
      assert.match(stdout, /Data and pipelines are up to date/);
      assert.deepEqual(countRuns(project), { parents: 1, children: NAMES.length });
    },
  );

  await t.step("a clone without a remote shows and compares metrics and parameters", async () => {
    await commit(project, "nine trees");
    await using clone = await cloneProject(project);
    const metrics = await must(clone.task("dvc", "metrics", "show"));
    assert.match(metrics.stdout, /best_val_metrics\.json/);
    const diff = await must(clone.task("dvc", "metrics", "diff", "HEAD~1"));
    assert.match(diff.stdout, /metrics_all\.json +gbr\.val\.rmse/);
    const params = await must(clone.task("dvc", "params", "diff", "HEAD~1"));
    assert.match(params.stdout, /gbr\.n_estimators +8 +9/);
    await must(clone.task("dvc", "plots", "show"));
    assert.match(await clone.read("dvc_plots/index.html"), /Sales by week on validation/);
  });
});

/** Runs in the copy's own MLflow store. */
function countRuns(project: Project): { parents: number; children: number } {
  const store = new DatabaseSync(project.path("mlflow.db"), { readOnly: true });
  try {
    const count = (sql: string) => Number(Object.values(store.prepare(sql).get()!)[0]);
    const all = count("SELECT count(*) FROM runs");
    const children = count("SELECT count(*) FROM tags WHERE key = 'mlflow.parentRunId'");
    return { parents: all - children, children };
  } finally {
    store.close();
  }
}

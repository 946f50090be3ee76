import assert from "node:assert/strict";
import { CANDIDATES } from "../lib/candidates.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { type FeatureColumns, FEATURES } from "../lib/features/table.ts";
import { sha256 } from "../lib/hash.ts";
import { LEVELS } from "../lib/intervals/conformal.ts";
import { mockGitHub } from "../lib/github/testing.ts";
import { MlflowClient } from "../lib/mlflow/client.ts";
import { startLocalServer } from "../lib/mlflow/local_server.ts";
import { readModel } from "../lib/model/file.ts";
import { forecast, intervals } from "../lib/model/predict.ts";
import { venvTool } from "../lib/tools.ts";
import { copyProject, must, type Project } from "./project.ts";
import { delay } from "./processes.ts";

type Outputs = Record<string, number[]>;

/** What `tests/python/use_models.py` prints of a model. */
interface Used {
  pyfunc: Outputs;
  onnxruntime: Outputs;
  metadata: { run_id: string; inputs: string[] };
  refusal: string;
}

Deno.test("registered models, as Python and the API's folder get them", async (t) => {
  await using project = await copyProject();
  const tasks = async (...args: string[]) => (await must(project.task(...args))).stdout;
  await tasks("repro");
  const table = await readSalesTable(project.path("data/processed/val.parquet"));
  const expected = Object.fromEntries(
    await Promise.all(
      CANDIDATES.map(async (name) => [name, await forecastAll(project, name, table.features)]),
    ),
  ) as Record<string, Outputs>;
  const promotion = JSON.parse(await project.read("metrics/promotion.json"));

  await using server = await startLocalServer(
    { kind: "sqlite", path: project.path("mlflow.db") },
    venvTool("python"),
  );
  const uri = ["--tracking-uri", server.url];
  const client = new MlflowClient({ url: server.url });

  await t.step("every candidate is decided on, and each can be promoted by hand", async () => {
    assert.deepEqual(
      promotion.decisions.map(({ name, version }: Record<string, string>) => [name, version]),
      CANDIDATES.map((name) => [`retail-demand-${name}`, "1"]),
    );
    for (const { name, promoted } of promotion.decisions) {
      const said = await tasks("promote", name, "1", ...uri);
      assert.match(said, promoted ? /is the champion already/ : /is the champion now\.$/m);
    }
    const wrong = await project.task("promote", "retail-demand-gbr", "99", ...uri);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^error: .*retail-demand-gbr/m);
  });

  await t.step("promote tells GitHub, here a mock, that the champion moved", async () => {
    await using github = mockGitHub();
    const promote = ["promote", "retail-demand-gbr", "1", "--github", "owner/forecasts", ...uri];
    const without = await project.task(...promote);
    assert.equal(without.code, 1);
    assert.match(without.stderr, /^error: GITHUB_TOKEN is not set\./m);
    project.env.GITHUB_API_URL = github.url;
    project.env.GITHUB_TOKEN = "ghp_of_the_tests";
    const said = await tasks(...promote);
    assert.match(said, /^Sent champion-moved to owner\/forecasts, /m);
    assert.doesNotMatch(said, /ghp_/);
    assert.deepEqual(github.asked, [{
      method: "POST",
      path: "/repos/owner/forecasts/dispatches",
      authorization: "Bearer ghp_of_the_tests",
      body: {
        event_type: "champion-moved",
        client_payload: { name: "retail-demand-gbr", version: "1" },
      },
    }]);
    github.refusal = 401;
    const refused = await project.task(...promote);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error: POST .*\/dispatches was refused with status 401\./m);
    delete project.env.GITHUB_TOKEN;
  });

  await t.step("mlflow.pyfunc, mlflow.onnx and onnxruntime forecast what we forecast", async () => {
    await tasks("export-onnx");
    await project.write("records.json", JSON.stringify(toRecords(table.features)));
    const { stdout } = await must(
      project.run("env", `MLFLOW_TRACKING_URI=${server.url}`, ...[
        ...[project.path(venvTool("python")), project.path("tests/python/use_models.py")],
        ...["records.json", "onnx", ...CANDIDATES],
      ]),
    );
    const used: Record<string, Used> = JSON.parse(stdout);
    for (const name of CANDIDATES) {
      const { pyfunc, onnxruntime, metadata, refusal } = used[name]!;
      assert.ok(difference(pyfunc, expected[name]!) <= 1e-9, name);
      assert.ok(difference(onnxruntime, expected[name]!) <= 1e-9, name);
      assert.equal(metadata.inputs.length, 17);
      const version = await client.getModelVersion(`retail-demand-${name}`, "1");
      assert.equal(metadata.run_id, version.runId);
      assert.match(refusal, /Row 0: expected a week that the year has, but found week 53 of 2012/);
    }
  });

  await t.step("mlflow models serve answers with the same forecasts", async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const process = new Deno.Command(project.path(venvTool("mlflow")), {
      args: [
        ...["models", "serve", "-m", "models:/retail-demand-gbr@champion"],
        ...["--env-manager", "local", "--port", `${port}`],
      ],
      env: { MLFLOW_TRACKING_URI: server.url, PATH: searchPath(project) },
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const url = `http://127.0.0.1:${port}`;
      await waitFor(`${url}/ping`);
      const records = toRecords(table.features).slice(0, 50);
      const response = await fetch(`${url}/invocations`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ dataframe_records: records }),
      });
      const { predictions } = await response.json();
      const wanted = Object.fromEntries(
        Object.entries(expected["gbr"]!).map(([name, values]) => [name, values.slice(0, 50)]),
      );
      const found = Object.fromEntries(
        Object.keys(wanted).map((name) => [
          name,
          predictions.map((row: Record<string, number>) => row[name]),
        ]),
      );
      assert.ok(difference(found, wanted) <= 1e-9);
    } finally {
      process.kill("SIGTERM");
      await process.status;
    }
  });

  await t.step("pull-model brings the model's own file, with where it comes from", async () => {
    const said = await tasks("pull-model", "models:/retail-demand-gbr@champion", ...uri);
    assert.match(said, /^served\/gbr\.json is retail-demand-gbr version 1, champion\.$/m);
    assert.equal(await project.read("served/gbr.json"), await project.read("models/gbr.json"));
    assert.equal(
      await project.read("served/gbr.card.json"),
      await project.read("models/gbr.card.json"),
    );
    const { models } = JSON.parse(await project.read("served/manifest.json"));
    const { commit } = await gitHead(project);
    const entry = models["gbr.json"];
    assert.equal(entry.alias, "champion");
    assert.equal(entry.version, "1");
    assert.equal(entry.git_commit, commit);
    assert.equal(entry.sha256, await sha256(await project.read("served/gbr.json")));
    assert.ok(entry.run.startsWith(`${server.url}/#/experiments/`));
    assert.ok(entry.run.includes(entry.run_id));
    // By its version, another candidate, and by the logged model.
    await tasks("pull-model", "models:/retail-demand-rf/latest", ...uri);
    await tasks("pull-model", `models:/${entry.model_id}`, ...uri);
    const again = JSON.parse(await project.read("served/manifest.json")).models;
    assert.deepEqual(Object.keys(again).sort(), ["gbr.json", "rf.json"]);
  });

  await t.step(
    "pull-model refuses what was changed on the server, and keeps what it has",
    async () => {
      const before = await project.hashes("served");
      const version = await client.getModelVersion("retail-demand-gbr", "1");
      const logged = await client.getLoggedModel(version.modelId!);
      const text = await project.read("models/gbr.json");
      const edited = text.replace('"name": "gbr"', '"name":  "gbr"');
      await client.uploadArtifact(logged, "gbr.json", new TextEncoder().encode(`${edited} `));
      const { code, stderr } = await project.task(
        ...["pull-model", "models:/retail-demand-gbr@champion", ...uri],
      );
      assert.equal(code, 1);
      assert.match(stderr, /^error: retail-demand-gbr version 1: gbr\.json has the checksum/m);
      for (const bad of ["models:/retail-demand-gbr@none", "models:/retail-demand-gbr/99", "gbr"]) {
        const { code, stderr } = await project.task("pull-model", bad, ...uri);
        assert.equal(code, 1, bad);
        assert.match(stderr, /^error: /m);
      }
      assert.deepEqual(await project.hashes("served"), before);
      await client.uploadArtifact(logged, "gbr.json", new TextEncoder().encode(text));
      const card = await project.read("models/gbr.card.json");
      const other = card.replace(/sha256:.{64}/, `sha256:${"0".repeat(64)}`);
      await client.uploadArtifact(logged, "gbr.card.json", new TextEncoder().encode(other));
      const refused = await project.task("pull-model", "models:/retail-demand-gbr/1", ...uri);
      assert.match(refused.stderr, /^error: .*gbr\.card\.json is the evaluation of another model/m);
      assert.deepEqual(await project.hashes("served"), before);
      await client.uploadArtifact(logged, "gbr.card.json", new TextEncoder().encode(card));
    },
  );

  await t.step("commands that look into a local store make none where it is missing", async () => {
    for (
      const args of [
        ["pull-model", "models:/retail-demand-gbr@champion"],
        ["promote", "retail-demand-gbr", "1"],
        ["lineage", "models/gbr.json"],
      ]
    ) {
      const { code, stderr } = await project.task(...args, "--tracking-uri", "sqlite:///none.db");
      assert.equal(code, 1);
      assert.match(stderr, /^error: .*none\.db is missing, where runs and models were expected/m);
    }
    await assert.rejects(project.read("none.db"), Deno.errors.NotFound);
  });

  await t.step("lineage leads from a model's file to its run, to Git and to DVC", async () => {
    const { commit } = await gitHead(project);
    for (const file of ["models/gbr.json", "served/gbr.json"]) {
      const said = await tasks("lineage", file, ...uri);
      assert.match(said, /retail-demand-gbr version 1 \(.*champion/);
      assert.match(said, new RegExp(`Git revision +${commit}`));
      const version = await client.getModelVersion("retail-demand-gbr", "1");
      assert.match(said, new RegExp(version.runId));
    }
    await project.write("other.json", "{}");
    const { code, stderr } = await project.task("lineage", "other.json", ...uri);
    assert.equal(code, 1);
    assert.match(stderr, /^error: other\.json/m);
  });
});

async function gitHead(project: Project): Promise<{ commit: string }> {
  const { stdout } = await must(project.run("git", "rev-parse", "HEAD"));
  return { commit: stdout.trim() };
}

/** What a served model of the project says of rows, by name of the output. */
async function forecastAll(
  project: Project,
  name: string,
  features: FeatureColumns,
): Promise<Outputs> {
  const model = await readModel(project.path(`models/${name}.json`));
  const forecasts = forecast(model, features);
  const outputs: Outputs = { Weekly_Sales: [...forecasts.predictions] };
  for (const level of LEVELS) {
    const { lower, upper } = intervals(model, forecasts, level);
    outputs[`lower_${level * 100}`] = [...lower];
    outputs[`upper_${level * 100}`] = [...upper];
  }
  return outputs;
}

/** Encoded features as the records that they were. */
function toRecords(features: FeatureColumns): Record<string, unknown>[] {
  return Array.from(features.Store, (_, row) =>
    Object.fromEntries(FEATURES.map((feature) => {
      const value = features[feature.name][row]!;
      if ("values" in feature) return [feature.name, feature.values[value]];
      if (feature.kind === "flag") return [feature.name, value === 1];
      return [feature.name, Number.isNaN(value) ? null : value];
    })));
}

/** The largest difference of any value, relative to the wanted one. */
function difference(found: Outputs, wanted: Outputs): number {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(wanted).sort());
  let most = 0;
  for (const [name, values] of Object.entries(wanted)) {
    assert.equal(found[name]!.length, values.length);
    for (const [row, value] of values.entries()) {
      const relative = Math.abs(found[name]![row]! - value) / Math.max(1e-6, Math.abs(value));
      assert.ok(Number.isFinite(relative), `${name}, row ${row}`);
      most = Math.max(most, relative);
    }
  }
  return most;
}

function searchPath(project: Project): string {
  const bin = venvTool("python").replace(/\/python(\.exe)?$/, "");
  return `${project.path(bin)}${Deno.build.os === "windows" ? ";" : ":"}${Deno.env.get("PATH")}`;
}

async function waitFor(url: string): Promise<void> {
  const end = performance.now() + 120_000;
  while (performance.now() < end) {
    try {
      const response = await fetch(url);
      await response.body?.cancel();
      if (response.ok) return;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await delay(200);
  }
  throw new Error(`${url} did not answer within 120 s`);
}

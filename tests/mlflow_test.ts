import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { MlflowClient } from "../lib/mlflow/client.ts";
import { type CandidateName } from "../lib/candidates.ts";
import { MADE_UP_METRICS, smallModel } from "../lib/evaluation/testing.ts";
import { startLocalServer } from "../lib/mlflow/local_server.ts";
import { type LoggedRun, logResults, readPromotion } from "../lib/mlflow/log_results.ts";
import type { ModelContent, Results } from "../lib/mlflow/results.ts";
import { IDENTITY_TAG, PROMOTION_TAG, runIdentity } from "../lib/mlflow/run_identity.ts";
import { findFinishedRun } from "../lib/mlflow/sqlite_lookup.ts";
import { readPythonEnvironment } from "../lib/mlflow/python_environment.ts";
import { readParams } from "../lib/params.ts";
import { venvTool } from "../lib/tools.ts";
import { descendants, running } from "./processes.ts";

/** Made-up results with all that can be logged; their files are written below `base`. */
async function makeResults(base: string): Promise<Results> {
  const logged = (file: string, artifact: string) => ({ file, artifact });
  const child = (model: CandidateName): ModelContent => ({
    model,
    runName: `${model} (time split)`,
    params: { n_estimators: "100", max_depth: "null" },
    metrics: { train_rmse: 10, val_rmse: 24, val_wmae: 18, val_r2: NaN },
    history: [30, 20, 18].map((value, i) => ({ key: "val_wmae_by_trees", value, step: i + 1 })),
    modelFile: `models/${model}.json`,
    description: `**${model}**`,
    files: [
      logged(`metrics/val_metrics_${model}.json`, `metrics/val_metrics_${model}.json`),
      logged(`metrics/plots/residuals_${model}.svg`, `plots/residuals_${model}.svg`),
    ],
  });
  const results: Results = {
    base,
    split: "time",
    splitLabel: "time split",
    best: "gbr",
    params: await readParams(),
    naive: 20,
    parent: {
      runName: "retail demand, best gbr (time split)",
      description: "**gbr** is chosen.",
      params: { "split.strategy": "time" },
      metrics: { best_val_rmse: 24, seasonal_naive_val_rmse: 16 },
      files: [
        logged("metrics/metrics_all.json", "metrics/metrics_all.json"),
        logged("params.yaml", "params.yaml"),
      ],
    },
    children: [child("rf"), child("gbr")],
    datasets: ["train", "val"].map((name) => ({
      name,
      digest: `${name}0123456789abcdef`,
      source: `data/processed/${name}.parquet`,
      profile: JSON.stringify({ rows: 8 }),
      context: name === "train" ? "training" : "validation",
    })),
    digest: "0123456789abcdef",
  };
  for (const { files } of [results.parent, ...results.children]) {
    for (const { file } of files) {
      await Deno.mkdir(dirname(join(base, file)), { recursive: true });
      await Deno.writeTextFile(join(base, file), `Content of ${file}\n`);
    }
  }
  await Deno.mkdir(join(base, "models"));
  for (const { model, modelFile } of results.children) {
    const text = await smallModel(model as CandidateName, { fitted_on: "all" });
    await Deno.writeTextFile(join(base, modelFile), text);
    await Deno.writeTextFile(join(base, `models/${model}.card.json`), "{}");
  }
  return results;
}

/** What the server tells of a run, as far as these tests look at it. */
interface RunAnswer {
  info: { run_id: string; run_name: string; status: string; artifact_uri: string };
  data: Record<"params" | "metrics" | "tags", { key: string; value: unknown }[] | undefined>;
  inputs: { dataset_inputs: { dataset: { name: string; digest: string } }[] };
}

/** One real server for all tests of this file, since each costs many seconds to start. */
async function startServer(folder: string): Promise<{ url: string; process: Deno.ChildProcess }> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const uri = `sqlite:///${join(folder, "mlflow.db")}`;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=mlflow", "tasks/mlflow.ts", "--tracking-uri", uri, "--port", `${port}`],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  const url = `http://127.0.0.1:${port}`;
  assert.ok(value?.includes(url), "Expected the task to say where MLflow is");
  return { url, process };
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return await response.json();
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, url);
  return await response.json();
}

async function searchRuns(url: string, experimentId: string): Promise<RunAnswer[]> {
  const body = { experiment_ids: [experimentId], max_results: 1000 };
  const answer = await post<{ runs?: RunAnswer[] }>(`${url}/api/2.0/mlflow/runs/search`, body);
  return answer.runs ?? [];
}

const values = (list: { key: string; value: unknown }[] | undefined) =>
  Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(`${url}/health`)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}

Deno.test("logResults() and a real MLflow server", async (t) => {
  const base = await Deno.makeTempDir();
  const results = await makeResults(base);
  const { url, process } = await startServer(base);
  const client = new MlflowClient({ url });
  const log = async (experiment: string, through = client) =>
    await logResults(through, results, {
      experiment,
      identity: await runIdentity(results.digest, "test", experiment),
      tags: { data_hash: "d0" },
      python: await readPythonEnvironment("."),
      readTables: () => Promise.reject(new Error("Expected no table to be read")),
    });

  try {
    await t.step("logs one parent and a child for each model, whole", async () => {
      const logged = await log("first");
      const runs = await searchRuns(url, logged.experimentId);
      const names = runs.map(({ info }) => info.run_name).sort();
      assert.deepEqual(names, [
        "gbr (time split)",
        "retail demand, best gbr (time split)",
        "rf (time split)",
      ]);
      for (
        const [content, name] of [[results.parent, names[1]], [results.children[0]!, names[2]]]
      ) {
        const run = runs.find(({ info }) => info.run_name === name)!;
        const { params, metrics, files } = content as typeof results.parent;
        assert.equal(run.info.status, "FINISHED");
        assert.deepEqual(values(run.data.params), params);
        const written = Object.entries(metrics).map(([key, value]) =>
          [key, Number.isNaN(value) ? "NaN" : value] as const
        );
        const { val_wmae_by_trees: _, ...single } = values(run.data.metrics);
        assert.deepEqual(single, Object.fromEntries(written));
        const tags = values(run.data.tags);
        assert.equal(tags["split"], "time");
        assert.equal(tags["data_hash"], "d0");
        assert.deepEqual(
          run.inputs.dataset_inputs.map(({ dataset }) => dataset.digest).sort(),
          results.datasets.map(({ digest }) => digest).sort(),
        );
        const root = run.info.artifact_uri.replace("mlflow-artifacts:/", "");
        for (const { file, artifact } of files) {
          const response = await fetch(
            `${url}/api/2.0/mlflow-artifacts/artifacts/${root}/${artifact}`,
          );
          assert.deepEqual(await response.bytes(), await Deno.readFile(join(base, file)), artifact);
        }
      }
      const child = values(runs.find(({ info }) => info.run_name === names[0])!.data.tags);
      assert.equal(child["mlflow.parentRunId"], logged.runId);
    });

    await t.step("registers each model once, with its run and its source", async () => {
      const { model_versions: versions } = await get<{
        model_versions: {
          name: string;
          version: string;
          source: string;
          tags: { key: string; value: unknown }[];
        }[];
      }>(`${url}/api/2.0/mlflow/model-versions/search`);
      assert.deepEqual(versions.map(({ name, version }) => [name, version]).sort(), [
        ["retail-demand-gbr", "1"],
        ["retail-demand-rf", "1"],
      ]);
      for (const { source, tags } of versions) {
        assert.match(source, /^models:\/m-[0-9a-f]+$/);
        assert.equal(values(tags)["val_wmae"], "18");
        assert.match(String(values(tags)["model_sha256"]), /^[0-9a-f]{64}$/);
      }
    });

    await t.step("does nothing for the same results, and logs changed ones", async () => {
      const again = await log("first");
      assert.equal(again.alreadyLogged, true);
      assert.equal((await searchRuns(url, again.experimentId)).length, 3);
      const other = await log("other");
      assert.equal(other.alreadyLogged, false);
      assert.notEqual(other.experimentId, again.experimentId);
    });

    await t.step("completes what was interrupted at any request, without duplicates", async () => {
      let budget = 0;
      let deliver = true;
      // Stands between: after some requests it answers 503, having passed the last one on or not.
      const gate = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        async (request) => {
          const { pathname, search } = new URL(request.url);
          const pass = async () =>
            await fetch(url + pathname + search, {
              method: request.method,
              headers: request.headers,
              body: request.method === "GET" ? null : await request.bytes(),
            });
          if (budget-- > 0) return await pass();
          if (budget === -1 && deliver) await (await pass()).body?.cancel();
          return new Response(null, { status: 503 });
        },
      );
      try {
        const gated = new MlflowClient({
          url: `http://127.0.0.1:${gate.addr.port}`,
          sleep: () => Promise.resolve(),
        });
        let interrupted = 0;
        const attempt = async () => {
          try {
            await log("cut", gated);
            return true;
          } catch (error) {
            assert.ok(error instanceof UserError, String(error));
            interrupted++;
            return false;
          }
        };
        for (let size = 0, done = false; !done; size += 1 + Math.floor(size / 3)) {
          for (const passOn of [true, false]) {
            [budget, deliver] = [size, passOn];
            done ||= await attempt();
          }
        }
        assert.ok(interrupted > 10, `Expected many interruptions, but found ${interrupted}`);
      } finally {
        await gate.shutdown();
      }
      const again = await log("cut");
      assert.equal(again.alreadyLogged, true);
      const runs = await searchRuns(url, again.experimentId);
      assert.equal(runs.length, 3);
      const whole = await searchRuns(url, (await log("first")).experimentId);
      const content = ({ info, data, inputs }: RunAnswer) => ({
        name: info.run_name,
        status: info.status,
        params: values(data.params),
        metrics: values(data.metrics),
        inputs: inputs.dataset_inputs.map(({ dataset }) => [dataset.name, dataset.digest]).sort(),
      });
      const byName = (a: RunAnswer, b: RunAnswer) => a.info.run_name < b.info.run_name ? -1 : 1;
      assert.deepEqual(runs.sort(byName).map(content), whole.sort(byName).map(content));
      for (const run of runs) {
        const history = await get<{ metrics?: unknown[] }>(
          `${url}/api/2.0/mlflow/metrics/get-history?run_id=${run.info.run_id}&metric_key=${
            run.data.metrics!.find(({ key }) => key.endsWith("_rmse"))!.key
          }`,
        );
        assert.equal(history.metrics?.length, 1);
      }
      const filter = encodeURIComponent("name='retail-demand-rf'");
      const { model_versions: versions } = await get<{ model_versions: { run_id: string }[] }>(
        `${url}/api/2.0/mlflow/model-versions/search?filter=${filter}`,
      );
      const rf = runs.find(({ info }) => info.run_name.startsWith("rf"))!.info.run_id;
      assert.equal(versions.filter(({ run_id }) => run_id === rf).length, 1);
    });

    await t.step("moves champion and challenger by what each run is worth", async () => {
      const registry = { ...results.params.registry, prefix: "gate", margin: 0.1, stages: true };
      /** Logs a run whose models have these errors, by WMAE. */
      const logRun = async (rf: number, gbr: number, best: CandidateName) => {
        const [first, second] = results.children as [ModelContent, ModelContent];
        const measured = (content: ModelContent, wmae: number) => ({
          ...content,
          metrics: { ...content.metrics, val_wmae: wmae },
        });
        for (const [name, wmae] of [["rf", rf], ["gbr", gbr]] as const) {
          const metrics = { validation: { ...MADE_UP_METRICS, wmae } };
          const text = await smallModel(name, { fitted_on: "all", metrics });
          await Deno.writeTextFile(join(base, `models/${name}.json`), text);
        }
        const { promotion } = await logResults(client, {
          ...results,
          best,
          params: { ...results.params, registry },
          children: [measured(first, rf), measured(second, gbr)],
        }, {
          experiment: "gate",
          identity: `${rf} ${gbr}`,
          tags: {},
          python: await readPythonEnvironment("."),
          readTables: () => Promise.reject(new Error("Expected no table to be read")),
        });
        return promotion!;
      };
      const aliases = async () => {
        const found: Record<string, string | undefined> = {};
        for (const name of ["rf", "gbr"]) {
          for (const alias of ["champion", "challenger"]) {
            found[`${name} ${alias}`] = (await client.getVersionByAlias(`gate-${name}`, alias))
              ?.version;
          }
        }
        return found;
      };
      const first = await logRun(19, 25, "rf");
      assert.deepEqual(first.decisions.map(({ promoted }) => promoted), [true, false]);
      assert.match(first.decisions[1]!.reason, /WMAE 25 does not beat seasonal naive, 20\./);
      assert.deepEqual(await aliases(), {
        "rf champion": "1",
        "rf challenger": "1",
        "gbr champion": undefined,
        "gbr challenger": undefined,
      });
      const better = await logRun(15, 18, "gbr");
      assert.match(better.decisions[0]!.reason, /the champion \(19\) by 21 %/);
      assert.deepEqual(better.decisions[0]!.figures, {
        version: 15,
        seasonal_naive: 20,
        champion: 19,
      });
      assert.deepEqual(better.decisions[0]!.champion, { version: "1", comparison: "measured" });
      assert.deepEqual(better.challenger, { name: "gate-gbr", version: "2" });
      // Better by less than the margin, and worse.
      const worse = await logRun(14, 19, "rf");
      assert.deepEqual(worse.decisions.map(({ promoted }) => promoted), [false, false]);
      assert.match(worse.decisions[0]!.reason, /by 6\.67 % only; 10 % were wanted/);
      assert.deepEqual(await aliases(), {
        "rf champion": "2",
        "rf challenger": "3",
        "gbr champion": "2",
        "gbr challenger": undefined,
      });
      const stages = await Promise.all(
        ["1", "2", "3"].map(async (version) =>
          (await client.getModelVersion("gate-rf", version)).currentStage
        ),
      );
      assert.deepEqual(stages, ["Archived", "Production", "Staging"]);
      for (const { model, modelFile } of results.children) {
        const text = await smallModel(model as CandidateName, { fitted_on: "all" });
        await Deno.writeTextFile(join(base, modelFile), text);
      }
    });

    await t.step("leaves a champion that has moved between two tries where it is", async () => {
      const names = ["rf", "gbr"].map((model) => `moved-${model}`);
      const logRun = async (identity: string) =>
        await logResults(client, {
          ...results,
          params: { ...results.params, registry: { ...results.params.registry, prefix: "moved" } },
        }, {
          experiment: "moved",
          identity,
          tags: {},
          python: await readPythonEnvironment("."),
          readTables: () => Promise.reject(new Error("Expected no table to be read")),
        });
      const { runId, experimentId } = await logRun("one");
      const { promotion } = await logRun("two");
      assert.deepEqual(promotion!.decisions.map(({ promoted }) => promoted), [false, false]);
      const parent = { ...await client.getRun(runId), runId, experimentId };
      assert.match(
        parent.tags["mlflow.note.content"]!,
        /\n- moved-gbr, version 1: champion\. WMAE/,
      );
      for (const name of names) await client.setAlias(name, "champion", "2");
      await client.resumeRun(parent);
      const again = await logRun("one");
      assert.deepEqual(again.promotion!.decisions.map(({ promoted }) => promoted), [true, true]);
      for (const name of names) {
        assert.equal((await client.getVersionByAlias(name, "champion"))?.version, "2");
      }

      // Tags that somebody has edited.
      await client.setRunTag(parent, PROMOTION_TAG, "{");
      await assert.rejects(logRun("one"), { message: /^The tag retail_demand\.promotion of run / });
      await client.resumeRun(parent);
      await client.setVersionTag("moved-rf", "1", "promotion", '{"promoted": true}');
      await assert.rejects(logRun("one"), {
        message: /^The tag promotion of moved-rf version 1 is damaged/,
      });
    });

    await t.step("moves no alias for a random split", async () => {
      const { promotion } = await logResults(client, {
        ...results,
        split: "random",
        params: { ...results.params, registry: { ...results.params.registry, prefix: "random" } },
      }, {
        experiment: "random",
        identity: "random",
        tags: {},
        python: await readPythonEnvironment("."),
        readTables: () => Promise.reject(new Error("Expected no table to be read")),
      });
      assert.equal(promotion!.challenger, null);
      assert.deepEqual(promotion!.decisions.map(({ promoted }) => promoted), [false, false]);
      assert.equal(await client.getVersionByAlias("random-rf", "champion"), null);
    });

    await t.step("writes the validation metric by trees as a history", async () => {
      const { experimentId } = await log("first");
      const run = (await searchRuns(url, experimentId))
        .find(({ info }) => info.run_name.startsWith("rf"))!;
      const { metrics } = await get<
        { metrics: { step: number; value: number; timestamp: number }[] }
      >(
        `${url}/api/2.0/mlflow/metrics/get-history?run_id=${run.info.run_id}&metric_key=val_wmae_by_trees`,
      );
      assert.deepEqual(metrics.map(({ step, value }) => [step, value]), [[1, 30], [2, 20], [
        3,
        18,
      ]]);
      const times = metrics.map(({ timestamp }) => timestamp - metrics[0]!.timestamp);
      assert.deepEqual(times, [0, 1, 2]);
    });

    await t.step(
      "logs all anew where the parent was deleted, and takes none of its children",
      async () => {
        const old = await log("deleted");
        await post(`${url}/api/2.0/mlflow/runs/delete`, { run_id: old.runId });
        const anew = await log("deleted");
        assert.equal(anew.alreadyLogged, false);
        const runs = await searchRuns(url, anew.experimentId);
        const parents = runs.map(({ data }) => values(data.tags)["mlflow.parentRunId"]).sort();
        const expected = [undefined, old.runId, old.runId, anew.runId, anew.runId];
        assert.deepEqual(parents, expected.sort());
        const versions = ({ promotion }: LoggedRun) =>
          promotion!.decisions.map(({ version }) => Number(version));
        const before = versions(old);
        assert.deepEqual(versions(anew).map((version, i) => version - before[i]!), [1, 1]);
      },
    );

    await t.step(
      "tags the experiment as one of model training, where it has no such tag",
      async () => {
        const kind = "mlflow.experimentKind";
        const tags = async (name: string) => (await client.findExperiment(name))!.tags;
        assert.equal((await tags("first"))[kind], "custom_model_development");

        await client.ensureExperiment("plain");
        assert.equal(kind in await tags("plain"), false);
        await client.ensureExperiment("plain", { [kind]: "one", other: "1" });
        await client.ensureExperiment("plain", { [kind]: "two" });
        assert.equal((await tags("plain"))[kind], "one");
        assert.equal((await tags("plain"))["other"], "1");
        const found = await client.searchExperiments({ [kind]: "one", other: "1" });
        assert.deepEqual(found.map(({ name }) => name), ["plain"]);
      },
    );

    await t.step("refuses what a page of another site asks for", async () => {
      const response = await fetch(`${url}/api/2.0/mlflow/runs/search`, {
        method: "POST",
        headers: { origin: "http://evil.example", "content-type": "application/json" },
        body: JSON.stringify({ experiment_ids: ["0"] }),
      });
      await response.body?.cancel();
      assert.equal(response.status, 403);
    });

    await t.step("writes more than one request may hold", async () => {
      const experimentId = await client.ensureExperiment("large");
      const run = await client.createRun(experimentId, "large", {}, Date.now());
      const keys = Array.from({ length: 1200 }, (_, index) => `k${index}`);
      const params = Object.fromEntries(keys.slice(0, 250).map((key) => [key, "1"]));
      const metrics = Object.fromEntries(keys.map((key, index) => [key, index]));
      await client.logBatch(run, { params, tags: params, metrics });
      const [answer] = await searchRuns(url, experimentId);
      assert.equal(answer!.data.params?.length, 250);
      assert.equal(answer!.data.metrics?.length, 1200);
      assert.equal(values(answer!.data.tags)["k249"], "1");
    });

    await t.step("keeps NaN, infinities and odd names", async () => {
      const experimentId = await client.ensureExperiment("Größe & 'Zahl' #1 %20 +?");
      const name = `run "ä" & 'b' #1 %2F +?`;
      const opened = await client.createRun(experimentId, name, { "tag é/x": 'ü\n"' }, Date.now());
      const metrics = { nan: NaN, up: Infinity, down: -Infinity, tiny: 5e-324, "odd name/é": 1 };
      await client.logBatch(opened, { metrics: metrics, params: { "p é": "'ü' %" } })
        .catch(async () => {
          // MLflow takes no letters beyond ASCII in metrics' names on all systems.
          const { "odd name/é": _, ...others } = metrics;
          await client.logBatch(opened, { metrics: others });
        });
      const found = await client.getRun(opened.runId);
      assert.equal(found.name, name);
      assert.equal(found.tags["tag é/x"], 'ü\n"');
      // Its sqlite store keeps infinities as the largest numbers.
      assert.ok(Number.isNaN(found.metrics["nan"]));
      assert.ok(found.metrics["up"]! >= Number.MAX_VALUE);
      assert.ok(found.metrics["down"]! <= -Number.MAX_VALUE);
      assert.equal(found.metrics["tiny"], 5e-324);
    });

    await t.step("takes artifacts of 20 MB and with odd names, and gives them back", async () => {
      const experimentId = await client.ensureExperiment("artifacts");
      const opened = await client.createRun(experimentId, "artifacts", {}, Date.now());
      const large = new Uint8Array(20 * 2 ** 20);
      for (let i = 0; i < large.length; i += 65_536) {
        crypto.getRandomValues(large.subarray(i, i + 65_536));
      }
      const file = join(base, "large.bin"), copy = join(base, "copy.bin");
      await Deno.writeFile(file, large);
      const steps: number[] = [];
      await client.uploadFile(opened, "deep/large.bin", file, (bytes) => steps.push(bytes));
      assert.equal(steps.at(-1), large.length);
      assert.ok(steps.length > 100, "Expected it to be sent in parts");
      await client.downloadArtifact(opened, "deep/large.bin", copy);
      assert.deepEqual(await Deno.readFile(copy), large);
      assert.deepEqual(await client.listArtifacts(opened, "deep"), [
        { path: "deep/large.bin", isFolder: false, size: large.length },
      ]);
      const names = ["a b.txt", "ä é.txt", "50 %.txt", "a+b&c=d.txt", "x'y\"z.txt", "[1] (2).txt"];
      for (const name of names) {
        await client.uploadArtifact(opened, `odd/${name}`, new TextEncoder().encode(name));
        const bytes = await client.readArtifact(opened, `odd/${name}`);
        assert.equal(new TextDecoder().decode(bytes), name);
      }
      const listed = (await client.listArtifacts(opened, "odd")).map(({ path }) => path);
      assert.deepEqual(listed.sort(), names.map((name) => `odd/${name}`).sort());
    });

    await t.step("a deleted experiment is an error that says how to restore it", async () => {
      const experimentId = await client.ensureExperiment("gone");
      await post(`${url}/api/2.0/mlflow/experiments/delete`, { experiment_id: experimentId });
      await assert.rejects(
        log("gone"),
        (error) =>
          error instanceof UserError && error.message.includes("mlflow experiments restore"),
      );
    });

    await t.step("findFinishedRun() reads the same from the sqlite file", async () => {
      const path = join(base, "mlflow.db");
      const identity = await runIdentity(results.digest, "test", "first");
      const logged = await log("first");
      const { runId, experimentId } = logged;
      const { promotion, ...found } = findFinishedRun(path, "first", identity)!;
      assert.deepEqual(found, { runId, experimentId });
      assert.deepEqual(readPromotion(promotion, logged), logged.promotion);
      assert.equal(findFinishedRun(path, "cut", identity), null);
      assert.equal(findFinishedRun(path, "first", `${identity}0`), null);
      assert.equal(findFinishedRun(join(base, "none.db"), "first", identity), null);
      assert.equal(findFinishedRun(join(base, "params.yaml"), "first", identity), null);

      await client.createRun(experimentId, "begun", { [IDENTITY_TAG]: "begun" }, Date.now());
      assert.equal(findFinishedRun(path, "first", "begun"), null);
    });
  } finally {
    await t.step("the server ends with the process that started it, even if killed", async () => {
      assert.equal(await answers(url), true);
      process.kill("SIGKILL");
      await process.status;
      const deadline = Date.now() + 10_000;
      while (await answers(url) && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.equal(await answers(url), false);
    });
    await Deno.remove(base, { recursive: true });
  }
});

Deno.test({
  name: "startLocalServer() leaves no process behind when its launcher is killed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const base = await Deno.makeTempDir();
    try {
      const store = { kind: "sqlite", path: join(base, "mlflow.db") } as const;
      await using server = await startLocalServer(store, venvTool("python"), { write: true });
      const started = (await descendants(Deno.pid)).filter(({ command }) => command.includes(base));
      const launcher = started.find(({ command }) => command.includes("serve.py"))!;
      Deno.kill(launcher.pid, "SIGKILL");
      const error = await server.explain(new Error("connection reset"));
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, /mlflow\.db was ended from outside \(SIGKILL\)/);
      assert.deepEqual(await running(started.map(({ pid }) => pid)), []);
      assert.equal(await answers(server.url), false);
    } finally {
      await Deno.remove(base, { recursive: true });
    }
  },
});

Deno.test({
  name: "startLocalServer() names what cannot be written where it shall be",
  // Root may write everywhere.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: async () => {
    const base = await Deno.makeTempDir();
    try {
      await Deno.mkdir(join(base, "mlartifacts"));
      await Deno.writeTextFile(join(base, "mlflow.db"), "");
      for (const name of ["mlflow.db", "mlartifacts"]) {
        await Deno.chmod(join(base, name), 0o555);
        const store = { kind: "sqlite", path: join(base, "mlflow.db") } as const;
        await assert.rejects(
          startLocalServer(store, venvTool("python"), { write: true }),
          (error) =>
            error instanceof UserError &&
            error.message.startsWith(`${join(base, name)} cannot be written`),
        );
        await Deno.chmod(join(base, name), 0o755);
      }
    } finally {
      await Deno.remove(base, { recursive: true });
    }
  },
});

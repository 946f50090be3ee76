import assert from "node:assert/strict";
import { join } from "node:path";
import { smallModel } from "../evaluation/testing.ts";
import { sha256 } from "../hash.ts";
import { decodeModel } from "../model/json.ts";
import { readServed } from "../model/served_manifest.ts";
import { inFolder } from "../testing.ts";
import type { ModelFile } from "./model_file.ts";
import { describeServed, writeServed } from "./served_models.ts";

async function modelFile(name: "rf" | "gbr"): Promise<ModelFile> {
  const text = await smallModel(name);
  const json = new TextEncoder().encode(text);
  return {
    file: `${name}.json`,
    json,
    sha256: await sha256(json),
    model: await decodeModel(text, ""),
  };
}

const found = {
  logged: {
    modelId: "m-1",
    experimentId: "2",
    name: "gbr",
    artifactUri: "mlflow-artifacts:/2/models/m-1/artifacts",
    status: "LOGGED_MODEL_READY",
    sourceRunId: "0c8f",
    tags: { data_hash: "d0" },
  },
  version: {
    name: "retail-demand-gbr",
    version: "3",
    runId: "0c8f",
    modelId: "m-1",
    source: "models:/m-1",
    aliases: ["champion"],
    tags: { "mlflow.source.git.commit": "c0ffee" },
    description: "",
    currentStage: null,
    status: "READY",
  },
};

Deno.test("writeServed() keeps the other models and says where each comes from", () =>
  inFolder(async (folder) => {
    const served = join(folder, "served");
    assert.deepEqual(await readServed(served), { models: {} });
    for (const name of ["rf", "gbr"] as const) {
      const file = await modelFile(name);
      const uri = { kind: "alias", name: "retail-demand-gbr", alias: "champion" } as const;
      // deno-lint-ignore no-explicit-any
      const entry = describeServed(found as any, uri, file, "http://host");
      assert.deepEqual(entry, {
        name: "retail-demand-gbr",
        version: "3",
        alias: "champion",
        model_id: "m-1",
        run_id: "0c8f",
        run: "http://host/#/experiments/2/runs/0c8f?workflowType=machine_learning",
        sha256: file.sha256,
        git_commit: "c0ffee",
        data_hash: "d0",
        dvc_lock_hash: null,
      });
      await writeServed(served, file, entry);
    }
    const card = new TextEncoder().encode("{}");
    // deno-lint-ignore no-explicit-any
    const entry = describeServed(found as any, { kind: "id" } as any, await modelFile("gbr"), "");
    await writeServed(served, await modelFile("gbr"), entry, card);
    assert.equal(await Deno.readTextFile(join(served, "gbr.card.json")), "{}");
    const { models } = await readServed(served);
    assert.deepEqual(Object.keys(models), ["rf.json", "gbr.json"]);
    for (const [file, { sha256: wanted }] of Object.entries(models)) {
      assert.equal(await sha256(await Deno.readFile(join(served, file))), wanted);
    }
    const left = [...Deno.readDirSync(served)].map(({ name }) => name).sort();
    assert.deepEqual(left, ["gbr.card.json", "gbr.json", "manifest.json", "rf.json"]);
  }));

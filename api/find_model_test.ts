import assert from "node:assert/strict";
import { inFolder } from "../lib/testing.ts";
import { findModel } from "./find_model.ts";
import { ModelStore } from "./models.ts";
import { Problem } from "./problem.ts";
import { modelText } from "./testing.ts";

async function problemOf(store: ModelStore, name?: string): Promise<Problem> {
  try {
    await findModel(store, name);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("Expected a problem, but found a model");
}

Deno.test("findModel() finds by name or takes the default, and waits for the first reading", () =>
  inFolder(async (folder) => {
    for (const name of ["rf", "gbr"] as const) {
      await Deno.writeTextFile(`${folder}/${name}.json`, await modelText(name));
    }
    const store = new ModelStore({ MODELS_DIR: folder, DEFAULT_MODEL_NAME: "rf" });
    const asked = [undefined, "gbr"].map((name) => findModel(store, name));
    // The first is answered while the others are still being read.
    await asked[0];
    assert.deepEqual([store.loaded, store.current.served.size], [false, 1]);
    const found = await Promise.all(asked);
    assert.deepEqual(found.map(({ name }) => name), ["rf", "gbr"]);
  }));

Deno.test("findModel() names the models that there are", () =>
  inFolder(async (folder) => {
    const store = new ModelStore({ MODELS_DIR: folder, DEFAULT_MODEL_NAME: "model" });
    const none = await problemOf(store, "rf");
    assert.deepEqual([none.status, none.options.retryAfter], [503, 10]);
    assert.match(
      none.message,
      /^There is no model to ask\. The default model .*model\.json is miss/,
    );
    await Deno.writeTextFile(`${folder}/rf.json`, "{");
    await store.refresh();
    assert.match((await problemOf(store)).message, /^There is no model to ask\. .*rf\.json is not/);
    await Deno.writeTextFile(`${folder}/rf.json`, await modelText("rf"));
    await store.refresh();
    for (const name of ["gbr", "", "__proto__", "rf.json", "../rf", "x".repeat(1000)]) {
      const unknown = await problemOf(store, name);
      assert.equal(unknown.status, 404);
      assert.match(unknown.message, /^There is no model ".{0,41}"\. There is rf\.$/);
    }
    const missing = await problemOf(store);
    assert.equal(missing.status, 503);
    assert.equal(missing.message, "The default model is not there. Name another: There is rf.");
  }));

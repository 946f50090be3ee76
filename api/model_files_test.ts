import assert from "node:assert/strict";
import { filesBeside, isModelFile, modelName } from "./model_files.ts";

Deno.test("isModelFile() knows models by their ending, and what stands beside them", () => {
  const names = ["rf.json", "a.b.json", "rf.card.json", "manifest.json", "rf.json.tmp", "json"];
  assert.deepEqual(names.filter(isModelFile), ["rf.json", "a.b.json"]);
});

Deno.test("filesBeside() has a model's evaluation and its folder's manifest", () => {
  assert.equal(modelName("models/a.b.json"), "a.b");
  assert.deepEqual(filesBeside("models/rf.json"), {
    card: "models/rf.card.json",
    manifest: "models/manifest.json",
  });
});

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { readResultSet } from "./result_set.ts";

/** What this project keeps in Git, as it stands in this folder; one file may be another. */
function committed(changes: Record<string, string | undefined> = {}) {
  return async (path: string) => {
    if (path in changes) return changes[path];
    if (path === "metrics/promotion.json") return undefined;
    return await Deno.readTextFile(path);
  };
}

Deno.test("readResultSet reads what Git keeps of a run", async () => {
  const results = await readResultSet(committed(), "main");
  const all = JSON.parse(await Deno.readTextFile("metrics/metrics_all.json"));
  assert.equal(results!.figures["rf"]!.val.wmae, all.rf.val.wmae);
  assert.equal(results!.parameters["split.validation_weeks"], 39);
  assert.equal(results!.made.parameters["split.validation_weeks"], 39);
  assert.deepEqual(results!.made.data, results!.data);
  assert.equal(Object.keys(results!.data).length, 3);
  assert.ok(results!.made.programs["lib/trees/fit.ts"]);
  assert.deepEqual(results!.made.outdated, []);
  assert.equal(results!.weeks["actual"]!.length, 39);
  assert.equal(results!.promotion, undefined);
});

Deno.test("readResultSet names what a stage made anew while the next one did not run", async () => {
  const lock = parse(await Deno.readTextFile("dvc.lock"));
  const path = "data/processed/val.parquet";
  const out = lock.stages.preprocess.outs.find((out: { path: string }) => out.path === path);
  out.md5 = "0".repeat(32);
  const results = await readResultSet(committed({ "dvc.lock": stringify(lock) }), "main");
  assert.deepEqual(results!.made.outdated, [path]);
});

Deno.test("readResultSet says that there are no results, and what is wrong with those there are", async () => {
  const best = "metrics/best_val_metrics.json";
  assert.equal(await readResultSet(committed({ [best]: undefined }), "main"), undefined);
  await assert.rejects(readResultSet(committed({ "dvc.lock": undefined }), "main"), {
    name: "UserError",
    message: "dvc.lock is missing in main. Make it with `deno task repro`.",
  });
  await assert.rejects(readResultSet(committed({ [best]: '{"model": "rf"}' }), "main"), {
    name: "UserError",
    message: /^metrics\/best_val_metrics\.json of main has another shape .* \(at split\)\. /,
  });
  await assert.rejects(readResultSet(committed({ [best]: "{" }), "main"), { name: "UserError" });
  await assert.rejects(readResultSet(committed({ "metrics/promotion.json": "{}" }), "main"), {
    name: "UserError",
    message: "metrics/promotion.json is damaged. Make it again with `deno task log`.",
  });
});

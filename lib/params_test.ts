import assert from "node:assert/strict";
import { parseParams, readParams } from "./params.ts";

Deno.test("readParams() takes the project's own params.yaml", async () => {
  const params = await readParams();
  assert.equal(params.split.strategy, "time");
  assert.equal(params.split.validation_weeks, 39);
  assert.equal(params.select.metric, "wmae");
  assert.ok(params.folds.count >= 3);
});

Deno.test("parseParams() names the key and what it should be", async () => {
  const text = await Deno.readTextFile("params.yaml");
  const edit = (from: RegExp, to: string) => {
    assert.match(text, from);
    return () => parseParams(text.replace(from, to), "params.yaml");
  };
  assert.throws(
    edit(/strategy: time/, "strategy: tame"),
    /^UserError: params\.yaml: split\.strategy:/,
  );
  assert.throws(
    edit(/validation_weeks: 39/, "validation_weeks: 0"),
    /split\.validation_weeks: .*1/,
  );
  assert.throws(edit(/max_samples: \S+/, "max_samples: 1.5"), /rf\.max_samples/);
  assert.throws(edit(/learning_rate: \S+/, "learning_rate: fast"), /gbr\.learning_rate: .*number/);
  assert.throws(edit(/learning_rate:/, "learning_rte:"), /gbr: .*learning_rte/);
  assert.throws(edit(/horizon_weeks: 39/, "horizon_weeks: 53"), /folds\.horizon_weeks: .*52/);
  assert.throws(edit(/rank: \d+/, "rank: 0"), /seasonal\.rank: .*1/);
  assert.throws(edit(/metric: wmae/, "metric: r2"), /select\.metric: /);
  assert.throws(edit(/margin: \S+/, "margin: 1"), /registry\.margin: /);
  assert.throws(edit(/prefix: \S+/, "prefix: a/b"), /registry\.prefix: expected letters/);
  // A blend has the trees of both over the same bins.
  assert.throws(edit(/max_bins: 255/, "max_bins: 64"), /gbr\.max_bins: expected that of rf/);
  assert.throws(edit(/split:/, "split: ["), /is not valid YAML/);
  assert.throws(() => parseParams("", "p.yaml"), /^UserError: p\.yaml: the document/);
});

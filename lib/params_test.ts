import assert from "node:assert/strict";
import { parseParams, readParams } from "./params.ts";

Deno.test("readParams() takes the project's own params.yaml", async () => {
  const params = await readParams();
  assert.equal(params.split.strategy, "time");
  assert.equal(params.split.validation_weeks, 39);
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
  assert.throws(edit(/max_samples: 1.0/, "max_samples: 1.5"), /rf\.max_samples/);
  assert.throws(edit(/learning_rate: 0.1/, "learning_rate: fast"), /gbr\.learning_rate: .*number/);
  assert.throws(edit(/learning_rate: 0.1/, "learning_rte: 0.1"), /gbr: .*learning_rte/);
  assert.throws(edit(/split:/, "split: ["), /is not valid YAML/);
  assert.throws(() => parseParams("", "p.yaml"), /^UserError: p\.yaml: the document/);
});

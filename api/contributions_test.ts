import assert from "node:assert/strict";
import { smallModel, smallSales } from "../lib/evaluation/testing.ts";
import { decodeModel } from "../lib/model/json.ts";
import { treeShap } from "../lib/trees/mod.ts";
import { contributionsOf } from "./contributions.ts";
import { exampleRecord } from "./describe_model.ts";
import { makePredictions } from "./make_predictions.ts";

const explain = (...task: Parameters<typeof treeShap>) => Promise.resolve(treeShap(...task));

Deno.test("contributionsOf() sums to the prediction, with values as records have them", async () => {
  const model = await decodeModel(await smallModel("gbr", {}, smallSales(100)));
  const record = exampleRecord(model);
  const made = await makePredictions(model, [record, { ...record, Week: 1, Month: 1 }], []);
  assert.ok("predictions" in made);
  const contributions = await contributionsOf(
    model,
    [record, { ...record, Week: 1, Month: 1 }],
    explain,
  );
  for (const [i, { terms }] of contributions.entries()) {
    const sum = terms.reduce((sum, { contribution }) => sum + contribution, 0);
    assert.ok(Math.abs(sum - made.predictions[i]!) < 1e-9 * Math.abs(sum));
    assert.deepEqual(terms.map(({ feature }) => feature), ["Sales history", "Base", "Week"]);
    assert.equal(terms[2]!.value, [record.Week, 1][i]);
    assert.ok(!("value" in terms[0]!));
  }
});

Deno.test("contributionsOf() gives the sales history alone for a model without trees", async () => {
  const model = await decodeModel(await smallModel("seasonal", {}, smallSales(100)));
  const record = exampleRecord(model);
  const made = await makePredictions(model, [record], []);
  assert.ok("predictions" in made);
  const never = () => Promise.reject(new Error("asked for trees"));
  assert.deepEqual(await contributionsOf(model, [record], never), [
    { terms: [{ feature: "Sales history", contribution: made.predictions[0] }] },
  ]);
});

import assert from "node:assert/strict";
import { CANDIDATES } from "../lib/candidates.ts";
import { readRecords } from "../lib/features/read_records.ts";
import { FEATURES } from "../lib/features/table.ts";
import { MADE_UP_METRICS, smallCard, smallModel, smallSales } from "../lib/evaluation/testing.ts";
import { decodeModel } from "../lib/model/json.ts";
import { describeModel, exampleRecord } from "./describe_model.ts";
import { missingWeeks } from "./make_predictions.ts";
import { testModel } from "./testing.ts";

Deno.test("describeModel() says what a model is, and what it takes", async () => {
  const model = await testModel("rf");
  const served = { name: "best", version: "0123456789ab", bytes: 1000, model };
  const found = describeModel(served, true);
  assert.deepEqual(
    { ...found, training: 0, importance: 0, features: 0, example: 0 },
    {
      name: "best",
      version: "0123456789ab",
      algorithm: "rf",
      is_default: true,
      size_bytes: 1000,
      origin: "2010-02-05",
      metrics: { train: MADE_UP_METRICS, folds: MADE_UP_METRICS, validation: MADE_UP_METRICS },
      baseline: null,
      training: 0,
      importance: 0,
      intervals: [80, 90],
      registry: null,
      features: 0,
      example: 0,
    },
  );
  assert.deepEqual(found.importance, { Week: 1 });
  assert.deepEqual(Object.keys(found.training).sort(), [
    "data",
    "fitted_on",
    "parameters",
    "rows",
    "split",
    "weeks",
  ]);
  const card = smallCard("rf", served.model.checksum);
  const { name, validation } = card.baseline;
  // Slices are for the evaluation.
  assert.deepEqual(describeModel({ ...served, card }, false).baseline, { name, validation });
});

Deno.test("describeModel() describes each feature of the table", async () => {
  const served = { name: "rf", version: "", bytes: 0, model: await testModel("rf") };
  const { features } = describeModel(served, false);
  assert.deepEqual(features.map(({ name }) => name), FEATURES.map(({ name }) => name));
  for (const [i, { required, nullable, description }] of features.entries()) {
    assert.equal(required, FEATURES[i]!.missing === "refuse");
    assert.equal(nullable, !required);
    assert.ok(description.length > 0);
  }
});

Deno.test("exampleRecord() is a record that every model takes", async () => {
  for (const name of CANDIDATES) {
    for (const weeks of [60, 104, 130]) {
      const model = await decodeModel(await smallModel(name, {}, smallSales(weeks)));
      const { columns, errors } = readRecords([exampleRecord(model)]);
      assert.deepEqual(errors, []);
      assert.deepEqual(missingWeeks(model, columns, 1), []);
    }
  }
});

import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { FEATURES } from "../features/table.ts";
import type { FeatureColumns } from "../features/table.ts";
import type { Candidate } from "../candidates.ts";
import { fit } from "../trees/mod.ts";
import { createRandom } from "../trees/random.ts";
import { fitFeatures, trainingData } from "./columns.ts";
import { decodeModel, encodeModel } from "./json.ts";
import type { Model } from "./model.ts";
import { predict } from "./predict.ts";

const parameters = {
  n_estimators: 4,
  max_depth: null,
  max_leaf_nodes: null,
  min_samples_leaf: 2,
  max_features: 0.7,
  max_bins: 255,
  random_state: 7,
};

/** Random columns in which MarkDowns and CPI have gaps. */
function makeColumns(rows: number, random = createRandom(3)): FeatureColumns {
  const gap = (name: string) =>
    (name.startsWith("Mark") || name === "CPI") && random.integer(3) === 0;
  const column = (name: string) =>
    Float64Array.from({ length: rows }, () => gap(name) ? NaN : random.integer(40));
  return Object.fromEntries(FEATURES.map(({ name }) => [name, column(name)])) as FeatureColumns;
}

function makeModel(learner: Candidate): { model: Model; columns: FeatureColumns } {
  const columns = makeColumns(300);
  const sales = columns.Store.map((store, row) => store * 100 + columns.Dept[row]! ** 2);
  const features = fitFeatures(columns);
  const { ensemble } = fit(trainingData(features, columns, sales), learner);
  const metrics = { rmse: 1.5, mae: 1, wmae: 1.25, r2: 0.5, bias: -0.25, n: 300 };
  const training: Model["training"] = {
    data: { train: "0".repeat(64), validation: "1".repeat(64) },
    rows: 300,
    weeks: { first: "2010-02-05", last: "2010-02-12", count: 2 },
    split: { strategy: "time", validation_weeks: 1 },
    parameters: learner.parameters,
    metrics: { train: metrics, validation: metrics },
    importance: { Store: 1 },
  };
  const { algorithm } = learner;
  return { model: { name: "rf", algorithm, features, ensemble, training }, columns };
}

const forest: Candidate = {
  algorithm: "random_forest",
  parameters: { ...parameters, bootstrap: true, max_samples: 1 },
};
const boosting: Candidate = {
  algorithm: "gradient_boosting",
  parameters: {
    ...parameters,
    loss: "squared_error",
    alpha: 0.9,
    learning_rate: 0.1,
    subsample: 1,
  },
};

Deno.test("decodeModel() gives back the model that encodeModel() took, to the last bit", async () => {
  for (const learner of [forest, boosting]) {
    const { model, columns } = makeModel(learner);
    const text = await encodeModel(model);
    const decoded = await decodeModel(text);
    assert.deepEqual(decoded, model);
    assert.deepEqual(predict(decoded, columns), predict(model, columns));
    assert.equal(await encodeModel(decoded), text);
  }
});

Deno.test("predict() fills a missing value with the training median where the table says so", () => {
  const { model, columns } = makeModel(forest);
  const { fill } = model.features.find(({ name }) => name === "CPI")!;
  const seen = Array.from(columns.CPI.filter((value) => !Number.isNaN(value))).sort((a, b) =>
    a - b
  );
  const below = seen.filter((value) => value < fill!).length;
  const above = seen.filter((value) => value > fill!).length;
  assert.ok(Math.max(below, above) <= seen.length / 2);
  const gaps = { ...columns, CPI: columns.CPI.map(() => NaN) };
  const filled = { ...columns, CPI: columns.CPI.map(() => fill!) };
  assert.deepEqual(predict(model, gaps), predict(model, filled));
});

Deno.test("decodeModel() refuses a text cut off anywhere", async () => {
  const text = await encodeModel(makeModel(forest).model);
  const random = createRandom(1);
  for (let i = 0; i < 50; i++) {
    const cut = text.slice(0, random.integer(text.length - 2));
    await assert.rejects(decodeModel(cut, "rf.json"), /^UserError: rf\.json .*breaks off/);
  }
});

Deno.test("decodeModel() refuses a text with any character changed that changes the model", async () => {
  const { model } = makeModel(boosting);
  const text = await encodeModel(model);
  const random = createRandom(2);
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const at = random.integer(text.length);
    const character = String.fromCharCode(33 + random.integer(90));
    if (text[at] === character || text[at]!.trim() === "") continue;
    const edited = text.slice(0, at) + character + text.slice(at + 1);
    // The last bits of base64 and zlib's own checksum carry nothing: there a change is none.
    const decoded = await decodeModel(edited).catch((error) => {
      assert.ok(error instanceof UserError, `at ${at}: ${error}`);
    });
    if (decoded) assert.deepEqual(decoded, model, `at ${at}`);
    else refused++;
  }
  assert.ok(refused > 200);
});

Deno.test("decodeModel() says foreign, newer or edited", async () => {
  const text = await encodeModel(makeModel(forest).model);
  const change = (key: string, value: unknown) =>
    JSON.stringify({ ...JSON.parse(text), [key]: value });
  const refuses = (text: string, message: RegExp) =>
    assert.rejects(decodeModel(text, "x.json"), message);
  await refuses("[]", /x\.json is not a model of this project: .* found none/);
  await refuses("null", /is not a model of this project/);
  await refuses(change("format", "onnx"), /found "onnx"/);
  await refuses(
    change("version", 3),
    /has version 3, but this program reads version 2\. Update/,
  );
  await refuses(
    change("version", 1),
    /has version 1, but this program reads version 2\. Train it anew/,
  );
  await refuses(change("name", "other"), /does not match its checksum/);
  await refuses(change("ensemble", {}), /x\.json is damaged: ensemble\.combine/);
});

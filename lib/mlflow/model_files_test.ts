import assert from "node:assert/strict";
import { parse } from "yaml";
import { smallModel } from "../evaluation/testing.ts";
import { decodeModel } from "../model/json.ts";
import { modelFiles } from "./model_files.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function files(): Promise<Record<string, string>> {
  const text = await smallModel("gbr");
  const bytes = modelFiles(
    await decodeModel(text, "test"),
    { json: encode(text), card: encode("{}"), loader: encode("loader") },
    {
      modelId: "m-1",
      runId: "0c8f",
      artifactUri: "mlflow-artifacts:/1/models/m-1/artifacts",
      time: Date.UTC(2026, 0, 2, 3, 4, 5),
      python: { python: "3.11.7", requirements: ["mlflow==3.17.2", "onnx==1.23.2 ; x"] },
    },
  );
  assert.equal(new TextDecoder().decode(bytes["gbr.json"]), text);
  assert.equal(new TextDecoder().decode(bytes["gbr.card.json"]), "{}");
  return Object.fromEntries(
    Object.entries(bytes).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]),
  );
}

Deno.test("modelFiles() describes the model with both flavors and its signature", async () => {
  const { MLmodel } = await files();
  const { flavors, signature, ...rest } = parse(MLmodel!);
  assert.equal(flavors.onnx.data, "model.onnx");
  assert.equal(flavors.onnx.onnx_version, "1.23.2");
  assert.equal(flavors.python_function.loader_module, "retail_demand_model");
  assert.equal(flavors.python_function.code, "code");
  assert.equal(rest.mlflow_version, "3.17.2");
  assert.equal(rest.run_id, "0c8f");
  assert.equal(rest.utc_time_created, "2026-01-02 03:04:05.000000");
  const inputs = JSON.parse(signature.inputs);
  assert.equal(inputs.length, 17);
  assert.deepEqual(inputs[0], { type: "long", name: "Store", required: true });
  assert.deepEqual(inputs[2], { type: "boolean", name: "IsHoliday", required: true });
  assert.deepEqual(inputs[5], { type: "double", name: "MarkDown1", required: false });
  assert.deepEqual(inputs[12], { type: "string", name: "Type", required: true });
  assert.deepEqual(
    JSON.parse(signature.outputs).map(({ name }: { name: string }) => name),
    ["Weekly_Sales", "lower_80", "upper_80", "lower_90", "upper_90"],
  );
});

Deno.test("modelFiles() gives as an example the week after the last one that is known", async () => {
  const { "input_example.json": example, "serving_input_example.json": serving } = await files();
  const { columns, data } = JSON.parse(example!);
  const record = Object.fromEntries(columns.map((name: string, i: number) => [name, data[0][i]]));
  // The model knows one sale, of 2010-02-05.
  assert.equal(`${record.Year} ${record.Month} ${record.Week}`, "2010 2 6");
  assert.equal(record.Temperature, null);
  assert.deepEqual(JSON.parse(serving!).dataframe_split, JSON.parse(example!));
});

import type { Context, Hono } from "hono";
import { FEATURES } from "../../lib/features/table.ts";
import type { ApiOptions } from "../app.ts";
import { writeBinaryTensor } from "../binary_tensor.ts";
import { findModel } from "../find_model.ts";
import { JSON_LENGTH, readInferenceBody } from "../inference_body.ts";
import { datatypeOf, OUTPUTS, readInferenceRequest } from "../inference_request.ts";
import type { ServedModel } from "../load_model.ts";
import { explainErrors, makePredictions, type Predictions } from "../make_predictions.ts";
import { Problem } from "../problem.ts";
import type { BodyLimits } from "../read_body.ts";
import { VERSION } from "../version.ts";

/** `/v2`: the Open Inference Protocol, for clients of KServe, Triton and MLServer. */
export function addInference(
  app: Hono,
  { store, config, metrics, isClosing }: ApiOptions,
  limits: BodyLimits,
): void {
  app.get("/v2", (context) =>
    context.json({
      name: "retail-demand",
      version: VERSION,
      extensions: ["binary_tensor_data"],
    }));
  app.get("/v2/health/live", (context) => context.json({ live: true }));
  app.get("/v2/health/ready", (context) => {
    const ready = store.current.fallback !== undefined && !isClosing();
    return context.json({ ready }, ready ? 200 : 503);
  });
  for (const path of ["/v2/models/:name", "/v2/models/:name/versions/:version"]) {
    app.get(path, async (context) => context.json(describe(await find(context))));
    app.get(`${path}/ready`, async (context) => {
      const { name } = await find(context);
      return context.json({ name, ready: true });
    });
    app.post(`${path}/infer`, infer);
  }

  async function find(context: Context): Promise<ServedModel> {
    const served = await findModel(store, context.req.param("name"));
    const { name, version } = served;
    if ((context.req.param("version") ?? version) !== version) {
      throw new Problem(404, `There is no such version of ${name}. There is ${version}.`);
    }
    context.header("x-model-version", version);
    return served;
  }

  async function infer(context: Context): Promise<Response> {
    const { name, version, model } = await find(context);
    const body = await readInferenceBody(context, limits);
    const { id, records, outputs, levels } = readInferenceRequest(body, config.MAX_RECORDS);
    const made = await makePredictions(model, records, levels);
    if ("errors" in made) throw new Problem(400, explainErrors(made.errors));
    metrics.countPredictions(name, version, records.length);
    const binary: Uint8Array<ArrayBuffer>[] = [];
    const json = JSON.stringify({
      model_name: name,
      model_version: version,
      ...id !== undefined && { id },
      outputs: outputs.map((output) => {
        const values = outputOf(made, output.name);
        const tensor = { name: output.name, datatype: "FP64", shape: [records.length] };
        if (!output.isBinary) return { ...tensor, data: values };
        const bytes = writeBinaryTensor(values);
        binary.push(bytes);
        return { ...tensor, parameters: { binary_data_size: bytes.length } };
      }),
    });
    if (binary.length === 0) return context.body(json, 200, { "content-type": "application/json" });
    const start = new TextEncoder().encode(json);
    return context.body(await new Blob([start, ...binary]).arrayBuffer(), 200, {
      "content-type": "application/octet-stream",
      [JSON_LENGTH]: String(start.length),
    });
  }
}

/** What the protocol tells of a model: `-1` stands for any number of rows. */
function describe({ name, version, model }: ServedModel) {
  return {
    name,
    versions: [version],
    platform: `retail_demand_${model.name}`,
    inputs: FEATURES.map((feature) => ({
      name: feature.name,
      datatype: datatypeOf(feature),
      shape: [-1],
    })),
    outputs: OUTPUTS.map((name) => ({ name, datatype: "FP64", shape: [-1] })),
  };
}

function outputOf({ predictions, intervals }: Predictions, output: string): number[] {
  if (output === "prediction") return predictions;
  const [bound, percent] = output.split("_") as ["lower" | "upper", string];
  return intervals.find(({ level }) => level === Number(percent))![bound];
}

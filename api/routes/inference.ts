import type { Context, Hono } from "hono";
import { FEATURES } from "../../lib/features/table.ts";
import type { ApiOptions } from "../app.ts";
import { findModel } from "../find_model.ts";
import { datatypeOf, OUTPUTS, readInferenceRequest } from "../inference_request.ts";
import type { ServedModel } from "../load_model.ts";
import { explainErrors, makePredictions, type Predictions } from "../make_predictions.ts";
import { Problem } from "../problem.ts";
import { bodyLimits, readJson } from "../read_body.ts";
import { VERSION } from "../version.ts";

/** `/v2`: the Open Inference Protocol, for clients of KServe, Triton and MLServer. */
export function addInference(
  app: Hono,
  { store, config, metrics, isClosing }: ApiOptions,
): void {
  const limits = bodyLimits(config);

  app.get(
    "/v2",
    (context) => context.json({ name: "retail-demand", version: VERSION, extensions: [] }),
  );
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
    if (context.req.header("inference-header-content-length") !== undefined) {
      throw new Problem(
        400,
        "Expected tensors as JSON, but they are binary. Send them with binary_data=False.",
      );
    }
    const { name, version, model } = await find(context);
    const body = await readJson(context, limits, { needsType: false });
    const { id, records, outputs, levels } = readInferenceRequest(body, config.MAX_RECORDS);
    const made = await makePredictions(model, records, levels);
    if ("errors" in made) throw new Problem(400, explainErrors(made.errors));
    metrics.countPredictions(name, version, records.length);
    return context.json({
      model_name: name,
      model_version: version,
      ...id !== undefined && { id },
      outputs: outputs.map((output) => ({
        name: output,
        datatype: "FP64",
        shape: [records.length],
        data: outputOf(made, output),
      })),
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

/**
 * The least that a handler can do which forecasts, as one writes it with Hono: reads JSON, asks the
 * model, which checks the records, and names its version. Nothing else of the request is checked, and
 * nothing counted, logged or limited. Takes the port to listen on and the path of a model.
 */

import { Hono } from "hono";
import { makePredictions } from "../../api/make_predictions.ts";
import { readModel } from "../../lib/model/file.ts";

const [port, path] = Deno.args;
const model = await readModel(path!);
const app = new Hono();
app.post("/predict", async (context) => {
  const { records } = await context.req.json();
  return context.json(await makePredictions(model, records, []), 200, { "x-model-version": "1" });
});
Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen() {} }, app.fetch);

import type { Hono } from "hono";
import { wholeAnswer } from "../answer.ts";
import type { ApiOptions } from "../app.ts";
import { contributionsOf } from "../contributions.ts";
import { createExplainer } from "../explainer.ts";
import { findModel } from "../find_model.ts";
import { explainErrors, makePredictions } from "../make_predictions.ts";
import { readPredictRequest } from "../predict_request.ts";
import { Problem } from "../problem.ts";
import { type BodyLimits, readJson } from "../read_body.ts";

/** `POST /predict`: forecasts of a list of records, all or none. */
export function addPredict(
  app: Hono,
  { store, config, metrics }: ApiOptions,
  limits: BodyLimits,
): void {
  const explain = createExplainer();
  app.post("/predict", async (context) => {
    const request = readPredictRequest(await readJson(context, limits), config.MAX_RECORDS);
    const { name, version, model } = await findModel(store, request.modelName);
    const made = await makePredictions(model, request.records, request.levels);
    if ("errors" in made) {
      const { errors } = made;
      throw new Problem(422, explainErrors(errors), { errors });
    }
    const contributions = request.contributions &&
      await contributionsOf(model, request.records, explain);
    metrics.countPredictions(name, version, made.predictions.length);
    const answer = {
      model_name: name,
      model_version: version,
      predictions: made.predictions,
      ...made.intervals.length > 0 && { intervals: made.intervals },
      ...contributions && { contributions },
    };
    return wholeAnswer(context, answer, version);
  });
}

import { z } from "zod";
import { ArtifactClient } from "./artifacts.ts";
import { type LoggedModel, loggedModelSchema, type Pairs, READY } from "./entities.ts";
import { toList } from "./runs.ts";

/** What a logged model is made with. */
export interface NewLoggedModel {
  experimentId: string;
  name: string;
  sourceRunId: string;
  params: Pairs;
  tags: Pairs;
}

const ENDPOINT = "/api/2.0/mlflow/logged-models";
const answerSchema = z.object({ model: loggedModelSchema });

/** The part of {@linkcode MlflowClient} for logged models. */
export class LoggedModelClient extends ArtifactClient {
  /** Makes a logged model; it is pending until {@linkcode finishLoggedModel}. */
  async createLoggedModel(
    { experimentId, name, sourceRunId, params, tags }: NewLoggedModel,
  ): Promise<LoggedModel> {
    const answer = await this.post(
      ENDPOINT,
      {
        experiment_id: experimentId,
        name,
        source_run_id: sourceRunId,
        params: toList(params),
        tags: toList(tags),
      },
      answerSchema,
      { once: true },
    );
    return answer.model;
  }

  /** The logged model of this id, which has to be there. */
  async getLoggedModel(modelId: string): Promise<LoggedModel> {
    return (await this.get(`${ENDPOINT}/${encodeURIComponent(modelId)}`, {}, answerSchema)).model;
  }

  /** Models that a run has made, the oldest first. */
  async searchLoggedModels(
    experimentIds: string[],
    { sourceRunId }: { sourceRunId: string },
  ): Promise<LoggedModel[]> {
    const answer = await this.post(`${ENDPOINT}/search`, {
      experiment_ids: experimentIds,
      filter: `source_run_id = '${sourceRunId}'`,
      order_by: [{ field_name: "creation_timestamp", ascending: true }],
    }, z.object({ models: z.array(loggedModelSchema).default([]) }));
    return answer.models;
  }

  /** Marks a logged model as ready: all of its files are there. */
  async finishLoggedModel(modelId: string): Promise<void> {
    await this.post(
      `${ENDPOINT}/${encodeURIComponent(modelId)}`,
      { model_id: modelId, status: READY },
      z.unknown(),
      { method: "PATCH" },
    );
  }
}

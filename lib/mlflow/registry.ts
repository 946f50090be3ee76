import { z } from "zod";
import { UserError } from "../errors.ts";
import { unless } from "./client_errors.ts";
import { type ModelVersion, type Pairs, versionSchema } from "./entities.ts";
import { LoggedModelClient } from "./logged_models.ts";
import { RequestError } from "./request_error.ts";
import { toFilter, toList } from "./runs.ts";

/** What a version of a registered model is made with. */
export interface NewModelVersion {
  /** For example `models:/m-0c8f`. */
  source: string;
  modelId: string;
  runId: string;
  description: string;
  tags: Pairs;
}

/** One of MLflow's old stages, of those that we set. */
export type Stage = "Staging" | "Production";

const ENDPOINT = "/api/2.0/mlflow";
const nothing = z.unknown();
const versionAnswer = z.object({ model_version: versionSchema });
const versionsAnswer = z.object({ model_versions: z.array(versionSchema).default([]) });

/** The part of {@linkcode MlflowClient} for registered models, their versions and aliases. */
export class RegistryClient extends LoggedModelClient {
  /** Makes a registered model where it is missing. */
  async ensureRegisteredModel(name: string, description: string): Promise<void> {
    const found = await unless(
      "RESOURCE_DOES_NOT_EXIST",
      this.get(`${ENDPOINT}/registered-models/get`, { name }, nothing),
    );
    if (found !== null) return;
    await unless(
      "RESOURCE_ALREADY_EXISTS",
      this.post(`${ENDPOINT}/registered-models/create`, { name, description }, nothing, {
        once: true,
      }),
    );
  }

  /** Makes a new version of a registered model. */
  async createModelVersion(
    name: string,
    { source, modelId, runId, description, tags }: NewModelVersion,
  ): Promise<ModelVersion> {
    const answer = await this.post(
      `${ENDPOINT}/model-versions/create`,
      {
        name,
        source,
        model_id: modelId,
        run_id: runId,
        description,
        tags: toList(tags),
      },
      versionAnswer,
      { once: true },
    );
    return answer.model_version;
  }

  /** At most 1,000 versions of a registered model, the latest first; of one run where it is given. */
  async findModelVersions(
    name: string,
    { runId }: { runId?: string } = {},
  ): Promise<ModelVersion[]> {
    const conditions = [`name='${name}'`, ...runId ? [`run_id='${runId}'`] : []];
    return await this.#search(conditions.join(" and "));
  }

  /** At most 1,000 versions of any registered models that have these tags. */
  async searchModelVersions(tags: Pairs): Promise<ModelVersion[]> {
    return await this.#search(toFilter(tags));
  }

  async #search(filter: string): Promise<ModelVersion[]> {
    const answer = await this.get(
      `${ENDPOINT}/model-versions/search`,
      { filter, order_by: "version_number DESC", max_results: "1000" },
      versionsAnswer,
    );
    return answer.model_versions;
  }

  /**
   * A version of a registered model.
   *
   * @throws {UserError} where there is none.
   */
  async getModelVersion(name: string, version: string): Promise<ModelVersion> {
    try {
      const query = { name, version };
      return (await this.get(`${ENDPOINT}/model-versions/get`, query, versionAnswer)).model_version;
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== "RESOURCE_DOES_NOT_EXIST") throw error;
      throw new UserError(
        `The registry has no version ${version} of ${name}. \`deno task mlflow\` shows those it has.`,
      );
    }
  }

  /** The version with an alias, or null; null also where there is no such model. */
  async getVersionByAlias(name: string, alias: string): Promise<ModelVersion | null> {
    try {
      const query = { name, alias };
      const answer = await this.get(`${ENDPOINT}/registered-models/alias`, query, versionAnswer);
      return answer.model_version;
    } catch (error) {
      const isMissing = error instanceof RequestError &&
        (error.code === "RESOURCE_DOES_NOT_EXIST" ||
          error.code === "INVALID_PARAMETER_VALUE" && /alias .* not found/i.test(error.message));
      if (isMissing) return null;
      throw error;
    }
  }

  /** Gives an alias to a version, and takes it from the one that had it. */
  async setAlias(name: string, alias: string, version: string): Promise<void> {
    await this.post(`${ENDPOINT}/registered-models/alias`, { name, alias, version }, nothing);
  }

  /** Takes an alias from the version that has it. */
  async deleteAlias(name: string, alias: string): Promise<void> {
    await this.post(`${ENDPOINT}/registered-models/alias`, { name, alias }, nothing, {
      method: "DELETE",
    });
  }

  /** Writes a tag of a version, over one of the same name. */
  async setVersionTag(name: string, version: string, key: string, value: string): Promise<void> {
    await this.post(`${ENDPOINT}/model-versions/set-tag`, { name, version, key, value }, nothing);
  }

  /**
   * Moves a version to one of MLflow's old stages; does nothing where the server has none any more.
   *
   * @param archiveExisting Whether other versions in that stage are archived.
   */
  async transitionStage(
    name: string,
    version: string,
    stage: Stage,
    archiveExisting: boolean,
  ): Promise<void> {
    const body = { name, version, stage, archive_existing_versions: archiveExisting };
    try {
      await this.post(`${ENDPOINT}/model-versions/transition-stage`, body, nothing);
    } catch (error) {
      const isGone = error instanceof RequestError &&
        (error.status === 404 && error.code === null || error.code === "ENDPOINT_NOT_FOUND");
      if (!isGone) throw error;
    }
  }
}

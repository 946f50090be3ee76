import { z } from "zod";
import { encodeArtifactPath } from "./artifact_path.ts";
import {
  explainArtifactStore,
  explainDeleted,
  explainFetchError,
  explainShape,
  explainStatus,
  unless,
} from "./client_errors.ts";
import {
  type DatasetInput,
  type Experiment,
  experimentSchema,
  type ModelVersion,
  type Pairs,
  type Run,
  runSchema,
  versionSchema,
} from "./entities.ts";

/** What {@linkcode MlflowClient} needs to know about a server. */
export interface ClientOptions {
  /** Address without credentials and without a slash at its end. */
  url: string;
  /** Value of the `Authorization` header. */
  authorization?: string | null;
  /** Seconds that one request may take; MLflow's own clients wait as long. */
  timeout?: number;
}

const nothing = z.unknown();

/**
 * A small client of MLflow's REST API: experiments, runs, artifacts and the model registry.
 *
 * Every method throws a {@linkcode UserError} that names the host where the server is down, slow,
 * wants a login, refuses the request or is not MLflow. Credentials are in no message.
 *
 * @example
 * ```ts
 * import { MlflowClient } from "./client.ts";
 * const client = new MlflowClient({ url: "http://127.0.0.1:5000" });
 * const experimentId = await client.ensureExperiment("retail-demand");
 * const run = await client.createRun(experimentId, "first", {}, Date.now());
 * await client.logBatch(run, { metrics: { val_rmse: 2.5 } });
 * await client.finishRun(run, Date.now());
 * ```
 */
export class MlflowClient {
  readonly url: string;
  readonly #authorization: string | null;
  readonly #timeout: number;

  constructor({ url, authorization = null, timeout = 120 }: ClientOptions) {
    this.url = url;
    this.#authorization = authorization;
    this.#timeout = timeout;
  }

  /** The experiment with this name, or null. One that was deleted is an error. */
  async findExperiment(name: string): Promise<Experiment | null> {
    const schema = z.object({ experiment: experimentSchema });
    const query = new URLSearchParams({ experiment_name: name });
    const answer = await unless(
      "RESOURCE_DOES_NOT_EXIST",
      this.#get(`/api/2.0/mlflow/experiments/get-by-name?${query}`, schema),
    );
    if (answer === null) return null;
    const { experiment } = answer;
    if (!experiment.active) throw explainDeleted(name, experiment.experimentId, this.url);
    return experiment;
  }

  /** At most ten experiments that have all of these tags, the newest first. No deleted ones. */
  async searchExperiments(tags: Pairs): Promise<Experiment[]> {
    const answer = await this.#post("/api/2.0/mlflow/experiments/search", {
      filter: toFilter(tags),
      order_by: ["creation_time DESC"],
      max_results: 10,
    }, z.object({ experiments: z.array(experimentSchema).default([]) }));
    return answer.experiments;
  }

  /**
   * Id of the experiment with this name, which is made where it is missing.
   *
   * @param tags Tags that it shall have. One that is there keeps its value.
   */
  async ensureExperiment(name: string, tags: Pairs = {}): Promise<string> {
    const found = await this.findExperiment(name);
    if (found !== null) {
      const { experimentId } = found;
      for (const [key, value] of Object.entries(tags)) {
        if (key in found.tags) continue;
        const body = { experiment_id: experimentId, key, value };
        await this.#post("/api/2.0/mlflow/experiments/set-experiment-tag", body, nothing);
      }
      return experimentId;
    }
    const schema = z.object({ experiment_id: z.string() });
    const answer = await unless(
      "RESOURCE_ALREADY_EXISTS",
      this.#post("/api/2.0/mlflow/experiments/create", { name, tags: toList(tags) }, schema),
    );
    // Where another client was faster, its experiment is ours too.
    return answer?.experiment_id ?? await this.ensureExperiment(name, tags);
  }

  /** Runs that have all of these tags, the oldest first. Deleted runs are left out. */
  async searchRunsByTags(experimentId: string, tags: Pairs): Promise<Run[]> {
    const answer = await this.#post("/api/2.0/mlflow/runs/search", {
      experiment_ids: [experimentId],
      filter: toFilter(tags),
      order_by: ["attributes.start_time ASC"],
      max_results: 100,
    }, z.object({ runs: z.array(runSchema).default([]) }));
    return answer.runs;
  }

  /** Starts a run; `startTime` in milliseconds since 1970. */
  async createRun(
    experimentId: string,
    name: string,
    tags: Pairs,
    startTime: number,
  ): Promise<Run> {
    const answer = await this.#post("/api/2.0/mlflow/runs/create", {
      experiment_id: experimentId,
      run_name: name,
      start_time: startTime,
      tags: toList(tags),
    }, z.object({ run: runSchema }));
    return answer.run;
  }

  /** Marks a run as running again. */
  async resumeRun(run: Run): Promise<void> {
    await this.#updateRun(run, { status: "RUNNING" });
  }

  /** Marks a run as finished; `endTime` in milliseconds since 1970. */
  async finishRun(run: Run, endTime: number): Promise<void> {
    await this.#updateRun(run, { status: "FINISHED", end_time: endTime });
  }

  /** Marks a run as failed if the server still answers. Never throws, and waits 5 s at most. */
  async failRun(run: Run, endTime: number): Promise<void> {
    await this.#updateRun(run, { status: "FAILED", end_time: endTime }, 5).catch(() => {});
  }

  async #updateRun(run: Run, fields: Record<string, unknown>, timeout?: number): Promise<void> {
    const body = { run_id: run.runId, ...fields };
    await this.#post("/api/2.0/mlflow/runs/update", body, nothing, timeout);
  }

  /**
   * Writes parameters, metrics and tags of a run, in as many requests as the server's limits want
   * (100 parameters, 100 tags and 1,000 values in all). Metrics get step 0 and the run's start as
   * their time, so that writing the same again adds nothing. NaN and infinities are kept.
   */
  async logBatch(
    run: Run,
    { params = {}, metrics = {}, tags = {} }: {
      params?: Pairs;
      metrics?: Record<string, number>;
      tags?: Pairs;
    },
  ): Promise<void> {
    const lists = {
      params: toList(params),
      metrics: Object.entries(metrics).map(([key, value]) => ({
        key,
        value: Number.isFinite(value) ? value : String(value),
        timestamp: run.startTime,
        step: 0,
      })),
      tags: toList(tags),
    };
    while (lists.params.length + lists.metrics.length + lists.tags.length > 0) {
      await this.#post("/api/2.0/mlflow/runs/log-batch", {
        run_id: run.runId,
        params: lists.params.splice(0, 100),
        metrics: lists.metrics.splice(0, 800),
        tags: lists.tags.splice(0, 100),
      }, nothing);
    }
  }

  /** Writes which data sets a run has read. Writing the same again adds nothing. */
  async logInputs(run: Run, inputs: DatasetInput[]): Promise<void> {
    const datasets = inputs.map((input) => ({
      tags: [{ key: "mlflow.data.context", value: input.context }],
      dataset: {
        name: input.name,
        digest: input.digest,
        source_type: "local",
        source: JSON.stringify({ uri: input.source }),
        profile: input.profile,
      },
    }));
    await this.#post("/api/2.0/mlflow/runs/log-inputs", { run_id: run.runId, datasets }, nothing);
  }

  /**
   * Writes an artifact of a run, over one of the same name.
   *
   * @param path Inside the run, for example `plots/total_by_week.svg`; see
   * {@linkcode encodeArtifactPath} for what is refused.
   */
  async uploadArtifact(run: Run, path: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const root = /^mlflow-artifacts:\/+(.+)$/.exec(run.artifactUri)?.[1];
    // With two slashes a host may follow, which we would not send our login to.
    if (root === undefined || /^mlflow-artifacts:\/\/[^/]/.test(run.artifactUri)) {
      throw explainArtifactStore(run.artifactUri, this.url);
    }
    await this.#request(
      "PUT",
      `/api/2.0/mlflow-artifacts/artifacts/${encodeArtifactPath(`${root}/${path}`)}`,
      { body: content, contentType: "application/octet-stream" },
      nothing,
    );
  }

  /** Makes a registered model where it is missing. */
  async ensureRegisteredModel(name: string, description: string): Promise<void> {
    const query = new URLSearchParams({ name });
    const found = await unless(
      "RESOURCE_DOES_NOT_EXIST",
      this.#get(`/api/2.0/mlflow/registered-models/get?${query}`, nothing),
    );
    if (found !== null) return;
    await unless(
      "RESOURCE_ALREADY_EXISTS",
      this.#post("/api/2.0/mlflow/registered-models/create", { name, description }, nothing),
    );
  }

  /** The version of a registered model that came from a run, or null. */
  async findModelVersion(name: string, runId: string): Promise<ModelVersion | null> {
    const query = new URLSearchParams({ filter: `name='${name}' and run_id='${runId}'` });
    const answer = await this.#get(
      `/api/2.0/mlflow/model-versions/search?${query}`,
      z.object({ model_versions: z.array(versionSchema).default([]) }),
    );
    return answer.model_versions[0] ?? null;
  }

  /**
   * Makes a new version of a registered model.
   *
   * @param source Folder of the model among the run's artifacts, for example `model`.
   */
  async createModelVersion(
    name: string,
    run: Run,
    source: string,
    { description, tags }: { description: string; tags: Pairs },
  ): Promise<ModelVersion> {
    const answer = await this.#post("/api/2.0/mlflow/model-versions/create", {
      name,
      source: `${run.artifactUri}/${source}`,
      run_id: run.runId,
      description,
      tags: toList(tags),
    }, z.object({ model_version: versionSchema }));
    return answer.model_version;
  }

  #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#request("GET", path, {}, schema);
  }

  #post<T>(path: string, body: unknown, schema: z.ZodType<T>, timeout?: number): Promise<T> {
    const request = {
      body: JSON.stringify(body),
      contentType: "application/json",
      ...timeout === undefined ? {} : { timeout },
    };
    return this.#request("POST", path, request, schema);
  }

  async #request<T>(
    method: string,
    path: string,
    { body, contentType, timeout = this.#timeout }: {
      body?: BodyInit;
      contentType?: string;
      timeout?: number;
    },
    schema: z.ZodType<T>,
  ): Promise<T> {
    const headers = new Headers();
    if (contentType) headers.set("content-type", contentType);
    if (this.#authorization) headers.set("authorization", this.#authorization);
    let response: Response;
    let text: string;
    try {
      // A redirect is not followed: it would turn a POST into a GET, or take the login elsewhere.
      response = await fetch(this.url + path, {
        method,
        headers,
        body: body ?? null,
        redirect: "manual",
        signal: AbortSignal.timeout(timeout * 1000),
      });
      text = await response.text();
    } catch (error) {
      throw explainFetchError(error, this.url, timeout);
    }
    const answer = parseJson(text);
    const request = { url: this.url, name: `${method} ${path}`, withLogin: !!this.#authorization };
    if (!response.ok) throw explainStatus(response, answer, request);
    const result = schema.safeParse(answer);
    if (!result.success) throw explainShape(result.error, request);
    return result.data;
  }
}

function toList(values: Pairs): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** A search's condition that all of these tags are there. */
function toFilter(tags: Pairs): string {
  return Object.entries(tags).map(([key, value]) => `tags.\`${key}\` = '${value}'`).join(" AND ");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

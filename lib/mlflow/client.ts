import { z } from "zod";
import { UserError } from "../errors.ts";
import { encodeArtifactPath } from "./artifact_path.ts";

/** Key and value, as MLflow keeps tags and parameters. */
export type Pairs = Record<string, string>;

/** Status of a run. */
export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

/** A run, with what we read of it. */
export interface Run {
  runId: string;
  experimentId: string;
  status: RunStatus;
  /** Milliseconds since 1970. */
  startTime: number;
  /** Root of its artifacts, for example `mlflow-artifacts:/1/0c8f/artifacts`. */
  artifactUri: string;
  tags: Pairs;
}

/** A data set that a run has read. */
export interface DatasetInput {
  name: string;
  /** At most 36 characters. */
  digest: string;
  /** Where the data came from. */
  source: string;
  /** JSON with what is worth knowing about it, such as the number of rows. */
  profile: string;
  /** What it was used for, for example `training`. */
  context: string;
}

/** A version of a registered model. */
export interface ModelVersion {
  name: string;
  version: string;
  runId: string;
}

/** What {@linkcode MlflowClient} needs to know about a server. */
export interface ClientOptions {
  /** Address without credentials and without a slash at its end. */
  url: string;
  /** Value of the `Authorization` header. */
  authorization?: string | null;
  /** Seconds that one request may take; MLflow's own clients wait as long. */
  timeout?: number;
}

const pairs = z.array(z.object({ key: z.string(), value: z.string() })).default([]);

const runSchema = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    status: z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]),
    start_time: z.coerce.number(),
    artifact_uri: z.string(),
  }),
  data: z.object({ tags: pairs }).default({ tags: [] }),
}).transform(({ info, data }): Run => ({
  runId: info.run_id,
  experimentId: info.experiment_id,
  status: info.status,
  startTime: info.start_time,
  artifactUri: info.artifact_uri,
  tags: Object.fromEntries(data.tags.map(({ key, value }) => [key, value])),
}));

const versionSchema = z.object({
  name: z.string(),
  version: z.coerce.string(),
  run_id: z.string().default(""),
}).transform(({ name, version, run_id }): ModelVersion => ({ name, version, runId: run_id }));

const errorSchema = z.object({ error_code: z.string(), message: z.string().default("") });
const nothing = z.unknown();

/** The server understood a request and refused it. */
class Refusal extends UserError {
  constructor(message: string, readonly code: string) {
    super(message);
  }
}

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

  /** Id of the experiment with this name, or null. One that was deleted is an error. */
  async findExperiment(name: string): Promise<string | null> {
    const schema = z.object({
      experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }),
    });
    const query = new URLSearchParams({ experiment_name: name });
    const answer = await unless(
      "RESOURCE_DOES_NOT_EXIST",
      this.#get(`/api/2.0/mlflow/experiments/get-by-name?${query}`, schema),
    );
    if (answer === null) return null;
    if (answer.experiment.lifecycle_stage !== "active") {
      throw new UserError(
        `The experiment "${name}" was deleted on ${this.url}. Restore it with ` +
          `\`mlflow experiments restore -x ${answer.experiment.experiment_id}\`, or give another ` +
          "name with --experiment.",
      );
    }
    return answer.experiment.experiment_id;
  }

  /** Id of the experiment with this name, which is made where it is missing. */
  async ensureExperiment(name: string): Promise<string> {
    const found = await this.findExperiment(name);
    if (found !== null) return found;
    const schema = z.object({ experiment_id: z.string() });
    const answer = await unless(
      "RESOURCE_ALREADY_EXISTS",
      this.#post("/api/2.0/mlflow/experiments/create", { name }, schema),
    );
    // Where another client was faster, its experiment is ours too.
    return answer?.experiment_id ?? await this.ensureExperiment(name);
  }

  /** Runs whose tag has this value, the oldest first. Deleted runs are left out. */
  async searchRunsByTag(experimentId: string, key: string, value: string): Promise<Run[]> {
    const answer = await this.#post("/api/2.0/mlflow/runs/search", {
      experiment_ids: [experimentId],
      filter: `tags.\`${key}\` = '${value}'`,
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
      throw new UserError(
        `MLflow at ${this.url} keeps this experiment's artifacts at ${run.artifactUri}, where ` +
          "only MLflow's Python client can write. Give another experiment with --experiment, on a " +
          "server that was started with --artifacts-destination.",
      );
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
      throw this.#explainFetchError(error, timeout);
    }
    const answer = parseJson(text);
    if (!response.ok) throw this.#explainStatus(response, answer, `${method} ${path}`);
    const result = schema.safeParse(answer);
    if (!result.success) {
      const issue = result.error.issues[0]!;
      throw new UserError(
        `${this.url} answers ${method} ${path}, but not as MLflow does ` +
          `(${issue.path.join(".") || "body"}: ${issue.message}). ` +
          "Check that the tracking URI is that of an MLflow 3 server.",
      );
    }
    return result.data;
  }

  #explainFetchError(error: unknown, timeout: number): unknown {
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return new UserError(
        `MLflow at ${this.url} did not answer within ${timeout} s. ` +
          "Check the server and the network, then run `deno task log`.",
      );
    }
    if (error instanceof Deno.errors.NotCapable) return error;
    if (error instanceof TypeError || error instanceof Deno.errors.Http) {
      return new UserError(
        `MLflow at ${this.url} cannot be reached${reason(error)}. ` +
          "Check that it runs and that the tracking URI is right, then run `deno task log`.",
      );
    }
    return error;
  }

  #explainStatus(response: Response, answer: unknown, request: string): UserError {
    const { status } = response;
    const known = errorSchema.safeParse(answer);
    if (known.success && status !== 401 && status !== 403) {
      const { error_code: code, message } = known.data;
      return new Refusal(
        `MLflow at ${this.url} refused ${request}: ${code}: ${firstLine(message)}`,
        code,
      );
    }
    const advice = this.#authorization === null
      ? "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."
      : "Check MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.";
    if (status === 401) {
      return new UserError(`MLflow at ${this.url} wants a valid login (HTTP 401). ${advice}`);
    }
    if (status === 403) {
      return new UserError(
        `MLflow at ${this.url} does not allow ${request} (HTTP 403). Ask for the right to write ` +
          `there, or start the server with this host among its --allowed-hosts. ${advice}`,
      );
    }
    if (status === 404) {
      return new UserError(
        `${this.url} answers, but has no ${request} (HTTP 404). ` +
          "Check that the tracking URI is that of an MLflow 3 server.",
      );
    }
    if (status >= 300 && status < 400) {
      const location = URL.parse(response.headers.get("location") ?? "", this.url);
      return new UserError(
        `${this.url} redirects to ${location?.origin ?? "another address"} (HTTP ${status}). ` +
          "Give the address that MLflow itself has as the tracking URI.",
      );
    }
    return new UserError(
      `MLflow at ${this.url} failed on ${request} (HTTP ${status}). ` +
        "See the server's log, then run `deno task log`.",
    );
  }
}

function toList(values: Pairs): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** The answer, or null where the server refused with this code. */
async function unless<T>(code: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal && error.code === code) return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.slice(0, 300);
}

/** The innermost cause, which says more than "error sending request". */
function reason(error: Error): string {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  const text = cause instanceof Error ? firstLine(cause.message) : "";
  const words = /connection refused|dns error|certificate|connection reset|unreachable|closed/i
    .exec(text)?.[0].toLowerCase();
  return words ? ` (${words})` : "";
}

import { z } from "zod";
import { explainDeleted, unless } from "./client_errors.ts";
import {
  type DatasetInput,
  type Experiment,
  experimentSchema,
  type MetricValue,
  type Pairs,
  type Run,
  type RunDetails,
  runDetailsSchema,
  runSchema,
} from "./entities.ts";
import { HttpClient } from "./http.ts";

const nothing = z.unknown();

/** The part of {@linkcode MlflowClient} for experiments and runs. */
export class RunClient extends HttpClient {
  /** The experiment with this name, or null. One that was deleted is an error. */
  async findExperiment(name: string): Promise<Experiment | null> {
    const schema = z.object({ experiment: experimentSchema });
    const answer = await unless(
      "RESOURCE_DOES_NOT_EXIST",
      this.get("/api/2.0/mlflow/experiments/get-by-name", { experiment_name: name }, schema),
    );
    if (answer === null) return null;
    const { experiment } = answer;
    if (!experiment.active) throw explainDeleted(name, experiment.experimentId, this.url);
    return experiment;
  }

  /** At most ten experiments that have all of these tags, the newest first. No deleted ones. */
  async searchExperiments(tags: Pairs): Promise<Experiment[]> {
    const answer = await this.post("/api/2.0/mlflow/experiments/search", {
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
        await this.post("/api/2.0/mlflow/experiments/set-experiment-tag", body, nothing);
      }
      return experimentId;
    }
    const schema = z.object({ experiment_id: z.string() });
    const answer = await unless(
      "RESOURCE_ALREADY_EXISTS",
      this.post("/api/2.0/mlflow/experiments/create", { name, tags: toList(tags) }, schema, {
        once: true,
      }),
    );
    // Where another client was faster, its experiment is ours too.
    return answer?.experiment_id ?? await this.ensureExperiment(name, tags);
  }

  /** Runs that have all of these tags, the oldest first. Deleted runs are left out. */
  async searchRunsByTags(experimentId: string, tags: Pairs): Promise<Run[]> {
    const answer = await this.post("/api/2.0/mlflow/runs/search", {
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
    const answer = await this.post(
      "/api/2.0/mlflow/runs/create",
      {
        experiment_id: experimentId,
        run_name: name,
        start_time: startTime,
        tags: toList(tags),
      },
      z.object({ run: runSchema }),
      { once: true },
    );
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
    const signal = AbortSignal.timeout(5000);
    await this.#updateRun(run, { status: "FAILED", end_time: endTime }, signal).catch(() => {});
  }

  async #updateRun(
    run: Run,
    fields: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<void> {
    const body = { run_id: run.runId, ...fields };
    await this.post("/api/2.0/mlflow/runs/update", body, nothing, signal ? { signal } : {});
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
      metrics: Object.entries(metrics).map(([key, value]) =>
        toMetric({ key, value, step: 0, timestamp: run.startTime })
      ),
      tags: toList(tags),
    };
    while (lists.params.length + lists.metrics.length + lists.tags.length > 0) {
      await this.post("/api/2.0/mlflow/runs/log-batch", {
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
    await this.post("/api/2.0/mlflow/runs/log-inputs", { run_id: run.runId, datasets }, nothing);
  }

  /** A run with what was written to it. */
  async getRun(runId: string): Promise<RunDetails> {
    const schema = z.object({ run: runSchema.and(runDetailsSchema) });
    return (await this.get("/api/2.0/mlflow/runs/get", { run_id: runId }, schema)).run;
  }

  /** Writes a tag of a run, over one of the same name. */
  async setRunTag({ runId }: Pick<Run, "runId">, key: string, value: string): Promise<void> {
    await this.post("/api/2.0/mlflow/runs/set-tag", { run_id: runId, key, value }, nothing);
  }

  /** Writes metrics along their steps; writing the same again adds nothing. */
  async logMetricHistory(run: Run, metrics: readonly MetricValue[]): Promise<void> {
    for (let start = 0; start < metrics.length; start += 1000) {
      await this.post("/api/2.0/mlflow/runs/log-batch", {
        run_id: run.runId,
        metrics: metrics.slice(start, start + 1000).map(toMetric),
      }, nothing);
    }
  }

  /**
   * Writes metrics of a run that are a logged model's too.
   *
   * @param dataset What they were measured on.
   */
  async logModelMetrics(
    run: Run,
    modelId: string,
    metrics: Record<string, number>,
    dataset?: Pick<DatasetInput, "name" | "digest">,
  ): Promise<void> {
    await this.post("/api/2.0/mlflow/runs/log-batch", {
      run_id: run.runId,
      metrics: Object.entries(metrics).map(([key, value]) => ({
        ...toMetric({ key, value, step: 0, timestamp: run.startTime }),
        model_id: modelId,
        ...dataset && { dataset_name: dataset.name, dataset_digest: dataset.digest },
      })),
    }, nothing);
  }

  /** Writes which models a run has made; one that was written before is left as it is. */
  async logOutputs(run: Run, modelIds: string[]): Promise<void> {
    const { outputs } = await this.getRun(run.runId);
    const models = modelIds.filter((modelId) => !outputs.includes(modelId))
      .map((modelId) => ({ model_id: modelId, step: 0 }));
    if (models.length === 0) return;
    // The server refuses what is there.
    const body = { run_id: run.runId, models };
    await this.post("/api/2.0/mlflow/runs/outputs", body, nothing, { once: true });
  }
}

/** As the server takes it: JSON has neither NaN nor infinities. */
function toMetric({ key, value, step, timestamp }: MetricValue) {
  return { key, value: Number.isFinite(value) ? value : String(value), step, timestamp };
}

/** Key and value one by one. */
export function toList(values: Pairs): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** A search's condition that all of these tags are there. */
export function toFilter(tags: Pairs): string {
  return Object.entries(tags).map(([key, value]) => `tags.\`${key}\` = '${value}'`).join(" AND ");
}

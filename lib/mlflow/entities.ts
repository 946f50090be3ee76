import { z } from "zod";

/** Key and value, as MLflow keeps tags and parameters. */
export type Pairs = Record<string, string>;

const RUN_STATUSES = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;

/** Status of a run. */
export type RunStatus = typeof RUN_STATUSES[number];

/** An experiment, with what we read of it. */
export interface Experiment {
  experimentId: string;
  name: string;
  /** False where it was deleted. */
  active: boolean;
  tags: Pairs;
}

/** A run, with what we read of it. */
export interface Run {
  runId: string;
  experimentId: string;
  status: RunStatus;
  /** Milliseconds since 1970. */
  startTime: number;
  /** Root of its artifacts, for example `mlflow-artifacts:/1/0c8f/artifacts`. */
  artifactUri: string;
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
}

/** An experiment as the server describes it. */
export const experimentSchema = z.object({
  experiment_id: z.string(),
  name: z.string(),
  lifecycle_stage: z.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
}).transform((experiment): Experiment => ({
  experimentId: experiment.experiment_id,
  name: experiment.name,
  active: experiment.lifecycle_stage === "active",
  tags: Object.fromEntries(experiment.tags.map(({ key, value }) => [key, value])),
}));

/** A run as the server describes it. */
export const runSchema = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    status: z.enum(RUN_STATUSES),
    start_time: z.coerce.number(),
    artifact_uri: z.string(),
  }),
}).transform(({ info }): Run => ({
  runId: info.run_id,
  experimentId: info.experiment_id,
  status: info.status,
  startTime: info.start_time,
  artifactUri: info.artifact_uri,
}));

/** A version of a registered model as the server describes it. */
export const versionSchema = z.object({
  name: z.string(),
  version: z.coerce.string(),
}) satisfies z.ZodType<ModelVersion>;

import { z } from "zod";

/** Key and value, as MLflow keeps tags and parameters. */
export type Pairs = Record<string, string>;

/** Tag by which MLflow's pages know the description of a run or a logged model, in Markdown. */
export const NOTE_TAG = "mlflow.note.content";

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

/** A run with all that was written to it but its artifacts. */
export interface RunDetails extends Run {
  name: string;
  params: Pairs;
  /** The last value of each. */
  metrics: Record<string, number>;
  tags: Pairs;
  /** Ids of the models that it has made. */
  outputs: string[];
}

/** A value of a metric. */
export interface MetricValue {
  key: string;
  /** Any number; NaN and infinities are kept. */
  value: number;
  /** For example the number of trees. */
  step: number;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** Status of a logged model whose files are all there. */
export const READY = "LOGGED_MODEL_READY";

const MODEL_STATUSES = [
  "LOGGED_MODEL_PENDING",
  READY,
  "LOGGED_MODEL_UPLOAD_FAILED",
  "LOGGED_MODEL_STATUS_UNSPECIFIED",
] as const;

/** Status of a logged model. */
export type LoggedModelStatus = typeof MODEL_STATUSES[number];

/** A model that a run has logged. */
export interface LoggedModel {
  /** For example `m-0c8f`. */
  modelId: string;
  experimentId: string;
  name: string;
  /** Root of its artifacts. */
  artifactUri: string;
  status: LoggedModelStatus;
  /** The run that made it. */
  sourceRunId: string;
  tags: Pairs;
}

/** A version of a registered model. */
export interface ModelVersion {
  name: string;
  version: string;
  /** The run that it came from; empty where there is none. */
  runId: string;
  /** The logged model that it is, or null. */
  modelId: string | null;
  aliases: string[];
  tags: Pairs;
  /** One of MLflow's old stages, or null. */
  currentStage: string | null;
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

const pairsSchema = z.array(z.object({ key: z.string(), value: z.string().default("") })).default(
  [],
)
  .transform((pairs): Pairs => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));

/** A run as the server describes it, with all that was written to it. */
export const runDetailsSchema = z.object({
  info: z.object({ run_name: z.string().default("") }),
  data: z.object({
    params: pairsSchema,
    tags: pairsSchema,
    // NaN and infinities come as words.
    metrics: z.array(
      z.object({ key: z.string(), value: z.union([z.number(), z.string()]).transform(Number) }),
    )
      .default([]),
  }),
  outputs: z.object({
    model_outputs: z.array(z.object({ model_id: z.string() })).default([]),
  }).default({ model_outputs: [] }),
}).transform(({ info, outputs, data: { params, tags, metrics } }) => ({
  name: info.run_name,
  outputs: outputs.model_outputs.map(({ model_id }) => model_id),
  params,
  tags,
  metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, value])),
}));

/** A logged model as the server describes it. */
export const loggedModelSchema = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: z.string(),
    name: z.string().default(""),
    artifact_uri: z.string(),
    status: z.enum(MODEL_STATUSES),
    source_run_id: z.string().default(""),
    tags: pairsSchema,
  }),
}).transform(({ info }): LoggedModel => ({
  modelId: info.model_id,
  experimentId: info.experiment_id,
  name: info.name,
  artifactUri: info.artifact_uri,
  status: info.status,
  sourceRunId: info.source_run_id,
  tags: info.tags,
}));

/** A version of a registered model as the server describes it. */
export const versionSchema = z.object({
  name: z.string(),
  version: z.coerce.string(),
  run_id: z.string().default(""),
  model_id: z.string().nullish(),
  source: z.string().default(""),
  aliases: z.array(z.string()).default([]),
  tags: pairsSchema,
  current_stage: z.string().nullish(),
}).transform((version): ModelVersion => ({
  name: version.name,
  version: version.version,
  runId: version.run_id,
  // Some of MLflow's stores forget it, but keep where it came from.
  modelId: version.model_id || (/^models:\/(m-\w+)$/.exec(version.source)?.[1] ?? null),
  aliases: version.aliases,
  tags: version.tags,
  // MLflow's word for no stage.
  currentStage: version.current_stage && version.current_stage !== "None"
    ? version.current_stage
    : null,
}));

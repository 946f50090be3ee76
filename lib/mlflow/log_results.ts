import { join } from "node:path";
import { UserError } from "../errors.ts";
import { exists } from "../files.ts";
import { startProgress } from "../progress.ts";
import type { MlflowClient } from "./client.ts";
import { NOTE_TAG, type Pairs, type Run } from "./entities.ts";
import { logModel, type RegisteredModel } from "./log_model.ts";
import type { PythonEnvironment } from "./model_files.ts";
import { promoteVersions, type PromotionInput } from "./promote_versions.ts";
import { describeDecision, parsePromotion, type Promotion } from "./promotion_record.ts";
import type { LoggedFile, Results, RunContent } from "./results.ts";
import { IDENTITY_TAG, PROMOTION_TAG } from "./run_identity.ts";
import type { RunLocation } from "./sqlite_lookup.ts";

/** A run that holds the results, and whether it did so before. */
export interface LoggedRun extends RunLocation {
  alreadyLogged: boolean;
  /** The registered versions, and which of them became champions; null where that was not logged. */
  promotion: Promotion | null;
}

/** What {@linkcode logResults} needs besides the results. */
export interface LogOptions {
  /** Name of the experiment. */
  experiment: string;
  /** As {@linkcode runIdentity} gives it. */
  identity: string;
  /** Tags of all runs and model versions, such as the Git revision. */
  tags: Pairs;
  python: PythonEnvironment;
  readTables: PromotionInput["readTables"];
}

/** Tags of our experiments: they train models, and are not about language models. */
export const EXPERIMENT_TAGS: Pairs = { "mlflow.experimentKind": "custom_model_development" };

/** Tag by which MLflow knows a child's parent. */
const PARENT_TAG = "mlflow.parentRunId";

/**
 * Logs results as one parent run with a child run for each model, and registers each model as
 * `retail-demand-NAME`.
 *
 * The parent is finished last, so that a finished one is whole. Logging the same again finds it by
 * its identity and does nothing; one that was interrupted is completed, not repeated. Where the
 * parent was deleted, all is logged anew: children that were left over stay those of the old one.
 *
 * Known limit: MLflow has no locks, so two who log the same results to one server at the same moment
 * can both make a run, which then is there twice.
 *
 * @throws {UserError} where the server is down or refuses, or a file has gone.
 */
export async function logResults(
  client: MlflowClient,
  results: Results,
  { experiment, identity, tags, python, readTables }: LogOptions,
): Promise<LoggedRun> {
  const experimentId = await client.ensureExperiment(experiment, EXPERIMENT_TAGS);
  const shared = { ...tags, split: results.split };
  const open = (name: string, key: Pairs, own: Pairs) =>
    openRun(client, experimentId, name, key, { ...shared, ...own });

  const key = { [IDENTITY_TAG]: identity };
  const parent = await open(results.parent.runName, key, {
    best_model: results.best,
    [NOTE_TAG]: results.parent.description,
  });
  if (parent.status === "FINISHED") {
    const { tags } = await client.getRun(parent.runId);
    const promotion = readPromotion(tags[PROMOTION_TAG], parent);
    return { runId: parent.runId, experimentId, alreadyLogged: true, promotion };
  }
  const registered: RegisteredModel[] = [];
  let promotion: Promotion | undefined;
  const contents = [results.parent, ...results.children];
  const total = await countBytes(results.base, contents.flatMap(({ files }) => files));
  const progress = startProgress("MLflow", Math.ceil(total / KILOBYTE), "kB");
  let written = 0;
  const write = (run: Run, content: RunContent) =>
    writeRun(client, run, content, results, (more) => {
      written += more;
      progress.update(Math.ceil(written / KILOBYTE));
    });
  try {
    await completeRun(client, parent, async () => {
      for (const child of results.children) {
        const key = { [IDENTITY_TAG]: `${identity}:${child.model}`, [PARENT_TAG]: parent.runId };
        const run = await open(child.runName, key, {
          model: child.model,
          [NOTE_TAG]: child.description,
        });
        await completeRun(client, run, async () => {
          await write(run, child);
          await client.logMetricHistory(
            run,
            // MLflow's page of a metric draws it over time at first, and needs some for a curve.
            child.history.map((point) => ({ ...point, timestamp: run.startTime + point.step })),
          );
        });
        registered.push(await logModel(client, run, child, results, { tags: shared, python }));
      }
      await write(parent, results.parent);
      promotion = await promoteVersions(client, {
        ...results,
        runId: parent.runId,
        registered,
        readTables,
      });
      await client.setRunTag(parent, PROMOTION_TAG, JSON.stringify(promotion));
      const decisions = promotion.decisions.map((decision) => `- ${describeDecision(decision)}`);
      const note = [results.parent.description, "", ...decisions].join("\n");
      await client.setRunTag(parent, NOTE_TAG, note);
    });
  } finally {
    progress.end();
  }
  return { runId: parent.runId, experimentId, alreadyLogged: false, promotion: promotion! };
}

/**
 * Which versions a run has promoted.
 *
 * @param tag Its tag {@linkcode PROMOTION_TAG}.
 * @returns Null where the run was logged without one.
 * @throws {UserError} where it is damaged.
 */
export function readPromotion(
  tag: string | undefined,
  { runId }: Pick<Run, "runId">,
): Promotion | null {
  return tag === undefined ? null : parsePromotion(tag, `The tag ${PROMOTION_TAG} of run ${runId}`);
}

const KILOBYTE = 1024;

async function countBytes(base: string, files: LoggedFile[]): Promise<number> {
  let bytes = 0;
  for (const { file } of files) {
    const path = join(base, file);
    if (!await exists(path)) throw new UserError(`${path} is missing. Run \`deno task repro\`.`);
    bytes += (await Deno.stat(path)).size;
  }
  return bytes;
}

/** The run with the tags of `key`: a finished one, else the first that was begun, else a new one. */
async function openRun(
  client: MlflowClient,
  experimentId: string,
  name: string,
  key: Pairs,
  tags: Pairs,
): Promise<Run> {
  const known = await client.searchRunsByTags(experimentId, key);
  const run = known.find(({ status }) => status === "FINISHED") ?? known[0];
  if (run === undefined) {
    return await client.createRun(experimentId, name, { ...tags, ...key }, Date.now());
  }
  if (run.status !== "FINISHED") await client.resumeRun(run);
  return run;
}

/** Finishes a run when `body` is done, and marks it as failed when it throws. */
async function completeRun(
  client: MlflowClient,
  run: Run,
  body: () => Promise<void>,
): Promise<void> {
  if (run.status === "FINISHED") return;
  try {
    await body();
    await client.finishRun(run, Date.now());
  } catch (error) {
    await client.failRun(run, Date.now());
    throw error;
  }
}

/** Writes what a run holds; what is there from an earlier try is written over with the same. */
async function writeRun(
  client: MlflowClient,
  run: Run,
  { params, metrics, files }: RunContent,
  { base, datasets }: Results,
  onBytes: (more: number) => void,
): Promise<void> {
  await client.logBatch(run, { params, metrics });
  await client.logInputs(run, datasets);
  // The client sees to it that these are not too many at once.
  await Promise.all(files.map(async ({ file, artifact }) => {
    let sent = 0;
    await client.uploadFile(run, artifact, join(base, file), (bytes) => {
      onBytes(bytes - sent);
      sent = bytes;
    });
  }));
}

import { join } from "node:path";
import { readFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import { type Progress, startProgress } from "../progress.ts";
import type { MlflowClient, Pairs, Run } from "./client.ts";
import type { ModelContent, Results, RunContent } from "./results.ts";
import type { RunLocation } from "./sqlite_lookup.ts";
import { IDENTITY_TAG } from "./tags.ts";

/** A run that holds the results, and whether it did so before. */
export interface LoggedRun extends RunLocation {
  alreadyLogged: boolean;
  /** What was registered now: for example `retail-demand-rf`, version `3`. */
  versions: { name: string; version: string }[];
}

/** What {@linkcode logResults} needs besides the results. */
export interface LogOptions {
  /** The project's folder, which the results' files are below. */
  base: string;
  /** Name of the experiment. */
  experiment: string;
  /** As {@linkcode runIdentity} gives it. */
  identity: string;
  /** Tags of all runs and model versions, such as the Git revision. */
  tags: Pairs;
}

/** What makes a run the same run: the files that it logs, the store, and the experiment. */
export async function runIdentity(
  digest: string,
  store: string,
  experiment: string,
): Promise<string> {
  return await sha256(JSON.stringify([digest, store, experiment]));
}

/**
 * Logs results as one parent run with a child run for each model, and registers each model as
 * `retail-demand-NAME`.
 *
 * The parent is finished last, so that a finished one is whole. Logging the same again finds it by
 * its identity and does nothing; one that was interrupted is completed, not repeated.
 *
 * @throws {UserError} where the server is down or refuses, or a file has gone.
 */
export async function logResults(
  client: MlflowClient,
  results: Results,
  { base, experiment, identity, tags }: LogOptions,
): Promise<LoggedRun> {
  const experimentId = await client.ensureExperiment(experiment);
  const runs = new RunWriter(client, experimentId, base, results);
  const parentTags = { ...tags, split: results.split, best_model: results.best };
  const parent = await runs.open(results.parent, identity, parentTags);
  if (parent.status === "FINISHED") {
    return { runId: parent.runId, experimentId, alreadyLogged: true, versions: [] };
  }
  const versions: LoggedRun["versions"] = [];
  try {
    await runs.complete(parent, async () => {
      for (const child of results.children) {
        const childTags = {
          ...tags,
          split: results.split,
          model: child.model,
          "mlflow.parentRunId": parent.runId,
        };
        const run = await runs.open(child, `${identity}:${child.model}`, childTags);
        await runs.complete(run, async () => {
          await runs.write(run, child);
          versions.push(await register(client, run, child, { ...tags, split: results.split }));
        });
      }
      await runs.write(parent, results.parent);
    });
  } finally {
    runs.progress.end();
  }
  return { runId: parent.runId, experimentId, alreadyLogged: false, versions };
}

/** The steps that parent and children share. */
class RunWriter {
  readonly progress: Progress;
  #written = 0;

  constructor(
    readonly client: MlflowClient,
    readonly experimentId: string,
    readonly base: string,
    readonly results: Results,
  ) {
    const contents = [results.parent, ...results.children];
    const total = contents.reduce((sum, { files }) => sum + files.length, 0);
    this.progress = startProgress("MLflow", total, "files");
  }

  /** The run with this identity: a finished one, else the first that was begun, else a new one. */
  async open(content: RunContent, identity: string, tags: Pairs): Promise<Run> {
    const { client, experimentId } = this;
    const known = await client.searchRunsByTag(experimentId, IDENTITY_TAG, identity);
    const run = known.find(({ status }) => status === "FINISHED") ?? known[0];
    if (run === undefined) {
      const allTags = { ...tags, [IDENTITY_TAG]: identity };
      return await client.createRun(experimentId, content.runName, allTags, Date.now());
    }
    if (run.status !== "FINISHED") await client.resumeRun(run);
    return run;
  }

  /** Finishes a run when `body` is done, and marks it as failed when it throws. */
  async complete(run: Run, body: () => Promise<void>): Promise<void> {
    if (run.status === "FINISHED") return;
    try {
      await body();
      await this.client.finishRun(run, Date.now());
    } catch (error) {
      await this.client.failRun(run, Date.now());
      throw error;
    }
  }

  /** Writes what a run holds; what is there from an earlier try is written over with the same. */
  async write(run: Run, { params, metrics, files }: RunContent): Promise<void> {
    await this.client.logBatch(run, { params, metrics });
    await this.client.logInputs(run, this.results.datasets);
    for (const { file, artifact } of files) {
      const content = await readFile(join(this.base, file), "Run `deno task repro`.");
      await this.client.uploadArtifact(run, artifact, content);
      this.progress.update(++this.#written);
    }
  }
}

/** The registered version of a run's model, which is made where an earlier try has not. */
async function register(
  client: MlflowClient,
  run: Run,
  { model, metrics }: ModelContent,
  tags: Pairs,
): Promise<{ name: string; version: string }> {
  const name = `retail-demand-${model}`;
  await client.ensureRegisteredModel(name, `Weekly sales by store and department: ${model}.`);
  const found = await client.findModelVersion(name, run.runId);
  if (found) return found;
  const label = tags["split"] === "random" ? "random split, not a forecast" : "time split";
  const errors = `RMSE ${metrics["val_rmse"]}, WMAE ${metrics["val_wmae"]}`;
  const description = `Validation (${label}): ${errors}.`;
  return await client.createModelVersion(name, run, "model", { description, tags });
}

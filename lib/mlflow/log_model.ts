import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cardPath } from "../evaluation/card/file.ts";
import { readFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import { decodeModel } from "../model/json.ts";
import type { Model } from "../model/model.ts";
import type { MlflowClient } from "./client.ts";
import { type ModelVersion, NOTE_TAG, type Pairs, READY, type Run } from "./entities.ts";
import { FILE_TAG } from "./model_file.ts";
import { modelFiles, type PythonEnvironment } from "./model_files.ts";
import type { ModelContent, Results } from "./results.ts";

/** A candidate whose version is in the registry. */
export interface RegisteredModel {
  /** For example `rf`. */
  candidate: string;
  /** The model to serve. */
  model: Model;
  version: ModelVersion;
  /** Metrics of the twin that was validated. */
  metrics: Record<string, number>;
}

/**
 * Logs a run's model as a LoggedModel, and registers it as the next version of PREFIX-NAME. What an
 * earlier try has made is completed, not repeated.
 *
 * @param tags Of the version.
 * @throws {UserError} where the server refuses, or the model's file has gone.
 */
export async function logModel(
  client: MlflowClient,
  run: Run,
  content: ModelContent,
  { base, params, datasets }: Pick<Results, "base" | "params" | "datasets">,
  { tags, python }: { tags: Pairs; python: PythonEnvironment },
): Promise<RegisteredModel> {
  const path = join(base, content.modelFile);
  const json = await readFile(path, "Run `deno task repro`.");
  const card = await readFile(cardPath(path), "Run `deno task repro`.");
  const model = await decodeModel(new TextDecoder().decode(json), path);
  const fileTags = { [FILE_TAG]: await sha256(json) };

  const known = await client.searchLoggedModels([run.experimentId], { sourceRunId: run.runId });
  const logged = known[0] ?? await client.createLoggedModel({
    experimentId: run.experimentId,
    name: content.model,
    sourceRunId: run.runId,
    params: content.params,
    tags: { ...tags, ...fileTags, [NOTE_TAG]: content.description },
  });
  const { modelId, artifactUri } = logged;
  if (logged.status !== READY) {
    const loader = await Deno.readFile(
      fileURLToPath(new URL("./retail_demand_model.py", import.meta.url)),
    );
    const facts = { modelId, artifactUri, runId: run.runId, time: run.startTime, python };
    for (const [path, bytes] of Object.entries(modelFiles(model, { json, card, loader }, facts))) {
      await client.uploadArtifact(logged, path, bytes);
    }
    await client.logOutputs(run, [modelId]);
    for (const dataset of datasets) {
      // Folds are of the training rows too.
      const measured = Object.entries(content.metrics).filter(([name]) =>
        name.startsWith("val_") === (dataset.context === "validation")
      );
      await client.logModelMetrics(run, modelId, Object.fromEntries(measured), dataset);
    }
    await client.finishLoggedModel(modelId);
  }
  const name = `${params.registry.prefix}-${content.model}`;
  await client.ensureRegisteredModel(
    name,
    `Weekly sales by store and department in USD: ${content.model}.`,
  );
  const [found] = await client.findModelVersions(name, { runId: run.runId });
  const version = found ?? await client.createModelVersion(name, {
    source: `models:/${modelId}`,
    modelId,
    runId: run.runId,
    description: content.description,
    tags: { ...tags, ...fileTags, ...metricTags(content.metrics) },
  });
  return { candidate: content.model, model, version, metrics: content.metrics };
}

/** Tags to find and compare versions by without their runs. */
function metricTags(metrics: Record<string, number>): Pairs {
  return Object.fromEntries(
    Object.entries(metrics).filter(([name]) => /^(val|folds)_/.test(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { cardPath } from "../evaluation/card/file.ts";
import { exists, readTextFile, writeFilesAtomic } from "../files.ts";
import type { Pairs } from "./entities.ts";
import type { ModelFile } from "./model_file.ts";
import type { FoundModel, ModelUri } from "./model_uri.ts";
import { runPage } from "./pages.ts";

/** Name of the file that says where the models of a folder come from. */
export const MANIFEST = "manifest.json";

const entrySchema = z.object({
  /** Registered model, its version, and the alias that it was pulled by. */
  name: z.string().nullable(),
  version: z.string().nullable(),
  alias: z.string().nullable(),
  model_id: z.string(),
  run_id: z.string(),
  /** Page of the run in MLflow. */
  run: z.string(),
  /** SHA-256 of the file. */
  sha256: z.string(),
  /** Where the run's program and data come from. */
  git_commit: z.string().nullable(),
  data_hash: z.string().nullable(),
  dvc_lock_hash: z.string().nullable(),
});
const manifestSchema = z.object({ models: z.record(z.string(), entrySchema) });

/** Where a served model comes from. */
export type ServedModel = z.infer<typeof entrySchema>;

/** Where the models of a folder come from: by file name. */
export type ServedModels = z.infer<typeof manifestSchema>;

/**
 * Describes a model that was pulled.
 *
 * @param pages Address of MLflow's pages.
 */
export function describeServed(
  { logged, version }: FoundModel,
  uri: ModelUri,
  { sha256 }: ModelFile,
  pages: string,
): ServedModel {
  const runId = logged.sourceRunId;
  const tags: Pairs = { ...logged.tags, ...version?.tags };
  return {
    name: version?.name ?? null,
    version: version?.version ?? null,
    alias: uri.kind === "alias" ? uri.alias : null,
    model_id: logged.modelId,
    run_id: runId,
    run: runPage(pages, { runId, experimentId: logged.experimentId }),
    sha256,
    git_commit: tags["mlflow.source.git.commit"] ?? null,
    data_hash: tags["data_hash"] ?? null,
    dvc_lock_hash: tags["dvc_lock_hash"] ?? null,
  };
}

/**
 * Puts a model into a folder of served models, in the place of the one of its file name, with its
 * card; all files appear whole or not at all.
 *
 * @param card Content of its evaluation card, where it has one.
 * @throws {UserError} where the manifest that is there is damaged, or the folder cannot be written.
 */
export async function writeServed(
  folder: string,
  { file, json }: ModelFile,
  served: ServedModel,
  card?: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { models } = await readServed(folder);
  const manifest = { models: { ...models, [file]: served } };
  await writeFilesAtomic([
    [join(folder, file), json],
    ...card ? [[cardPath(join(folder, file)), card] as const] : [],
    [join(folder, MANIFEST), JSON.stringify(manifest, null, 2) + "\n"],
  ]);
}

/** Reads a folder's manifest; of a folder without one, an empty one. */
export async function readServed(folder: string): Promise<ServedModels> {
  const path = join(folder, MANIFEST);
  if (!await exists(path)) return { models: {} };
  try {
    return manifestSchema.parse(JSON.parse(await readTextFile(path, "")));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${path} is damaged. Remove the folder ${folder} and pull its models again.`,
    );
  }
}

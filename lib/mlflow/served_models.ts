import { join } from "node:path";
import { cardPath } from "../evaluation/card/file.ts";
import { MANIFEST, readServed, type ServedModel } from "../model/served_manifest.ts";
import { writeFilesAtomic } from "../write_files.ts";
import type { Pairs } from "./entities.ts";
import type { ModelFile } from "./model_file.ts";
import type { FoundModel, ModelUri } from "./model_uri.ts";
import { runPage } from "./pages.ts";

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

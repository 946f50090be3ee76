import { basename, dirname } from "node:path";
import { UserError } from "../lib/errors.ts";
import type { Card } from "../lib/evaluation/card/card.ts";
import { readCard } from "../lib/evaluation/card/file.ts";
import { readTextFile } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import { decodeModel, type StoredModel } from "../lib/model/json.ts";
import { readServed, type ServedModel as RegisteredModel } from "../lib/model/served_manifest.ts";
import { filesBeside, modelName } from "./model_files.ts";

/** A model that answers requests. */
export interface ServedModel {
  /** The file's, without `.json`. */
  name: string;
  /** First twelve digits of the model's checksum. */
  version: string;
  /** Size of the file. */
  bytes: number;
  model: StoredModel;
  /** Where the registry has it, for one that came from there. */
  registry?: RegisteredModel;
  /** Its evaluation, where that is beside it. */
  card?: Card;
}

/** What {@linkcode loadModel} returns. */
export interface LoadedModel {
  /** None where the file cannot be read. */
  served?: ServedModel;
  /** Sentences that say what cannot be read, by file. */
  problems: [file: string, problem: string][];
}

/**
 * Reads a model with what stands beside it. What is damaged beside it is told, and the model serves
 * without.
 *
 * @param onModel Takes the model once it can forecast, before what stands beside it is read.
 * @example
 * ```ts
 * import { loadModel } from "./load_model.ts";
 * const { served, problems } = await loadModel("models/rf.json");
 * console.log(served?.version, problems);
 * ```
 */
export async function loadModel(
  path: string,
  onModel: (served: ServedModel) => void = () => {},
): Promise<LoadedModel> {
  const { card: cardFile, manifest } = filesBeside(path);
  const problems: LoadedModel["problems"] = [];
  const attempt = async <T>(file: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      // One of ours keeps its trace; neither may end a server.
      if (!(error instanceof UserError)) console.error(error);
      const found = error instanceof Error ? error.message : String(error);
      problems.push([file, error instanceof UserError ? found : `Cannot read ${file}: ${found}`]);
      return undefined;
    }
  };
  const served = await attempt(path, async (): Promise<ServedModel> => {
    const text = await readTextFile(path, "Run `deno task repro` to train it.");
    const model = await decodeModel(text, path);
    const version = model.checksum.slice("sha256:".length).slice(0, 12);
    const bytes = new TextEncoder().encode(text);
    const bare = { name: modelName(path), version, bytes: bytes.length, model };
    onModel(bare);
    const card = await attempt(cardFile, () => readCard(path, model.checksum));
    const entry = (await attempt(manifest, () => readServed(dirname(path))))
      ?.models[basename(path)];
    // The manifest may still tell of the file that was here before.
    const registry = entry && entry.sha256 === await sha256(bytes) ? entry : undefined;
    return { ...bare, ...registry && { registry }, ...card && { card } };
  });
  return { ...served && { served }, problems };
}

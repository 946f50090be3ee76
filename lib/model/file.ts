import { readTextFile } from "../files.ts";
import { decodeModel, type StoredModel } from "./json.ts";

/**
 * Reads a model file.
 *
 * @throws {UserError} where it is missing, or not a whole model that this program can read.
 */
export async function readModel(path: string): Promise<StoredModel> {
  const text = await readTextFile(path, "Run `deno task repro` to train it, or name another.");
  return await decodeModel(text, path);
}

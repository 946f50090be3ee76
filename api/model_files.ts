import { basename, dirname, join } from "node:path";
import { MANIFEST } from "../lib/model/served_manifest.ts";

/** Of the file beside a model that holds its evaluation. */
const CARD_ENDING = ".card.json";

/** Whether a file of a folder of models is one, going by its name. */
export function isModelFile(name: string): boolean {
  return name.endsWith(".json") && !name.endsWith(CARD_ENDING) && name !== MANIFEST;
}

/** Name of the model in a file. */
export function modelName(path: string): string {
  return basename(path, ".json");
}

/** The files that stand beside a model's: its evaluation, and where it comes from. */
export function filesBeside(path: string): { card: string; manifest: string } {
  const folder = dirname(path);
  return { card: join(folder, modelName(path) + CARD_ENDING), manifest: join(folder, MANIFEST) };
}

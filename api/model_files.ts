import { basename, dirname, join } from "node:path";
import { CARD_ENDING, cardPath } from "../lib/evaluation/card/file.ts";
import { MANIFEST } from "../lib/model/served_manifest.ts";

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
  return { card: cardPath(path), manifest: join(dirname(path), MANIFEST) };
}

import { join } from "node:path";
import type { output } from "zod";
import { UserError } from "../errors.ts";
import { exists, readTextFile } from "../files.ts";
import type { entrySchema, manifestSchema } from "./served_manifest_schema.ts";

/** Name of the file that says where the models of a folder come from. */
export const MANIFEST = "manifest.json";

/** Where a served model comes from. */
export type ServedModel = output<typeof entrySchema>;

/** Where the models of a folder come from: by file name. */
export type ServedModels = output<typeof manifestSchema>;

/**
 * Reads a folder's manifest; of a folder without one, an empty one.
 *
 * @throws {UserError} where it is damaged.
 */
export async function readServed(folder: string): Promise<ServedModels> {
  const path = join(folder, MANIFEST);
  if (!await exists(path)) return { models: {} };
  // Its schema takes a while to make: not before there is a manifest.
  const { manifestSchema } = await import("./served_manifest_schema.ts");
  try {
    return manifestSchema.parse(JSON.parse(await readTextFile(path, "")));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${path} is damaged. Remove the folder ${folder} and pull its models again.`,
    );
  }
}

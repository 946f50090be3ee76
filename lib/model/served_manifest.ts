import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { exists, readTextFile } from "../files.ts";

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
 * Reads a folder's manifest; of a folder without one, an empty one.
 *
 * @throws {UserError} where it is damaged.
 */
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

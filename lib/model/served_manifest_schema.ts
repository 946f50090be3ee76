import { z } from "zod";

/** Shape of what a manifest says of one file. */
export const entrySchema = z.object({
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

/** Shape of a manifest. */
export const manifestSchema = z.object({ models: z.record(z.string(), entrySchema) });

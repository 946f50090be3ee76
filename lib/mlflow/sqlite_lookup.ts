import { DatabaseSync } from "node:sqlite";
import { IDENTITY_TAG, PROMOTION_TAG } from "./run_identity.ts";

/** A run and the experiment that holds it, by MLflow's ids. */
export interface RunLocation {
  runId: string;
  experimentId: string;
}

/** A run, and its decisions as the tag has them. */
export interface FinishedRun extends RunLocation {
  promotion: string | undefined;
}

/**
 * Looks into an MLflow sqlite file, read-only, for a finished run with this identity. To ask a
 * server the same takes some seven seconds to start it.
 *
 * Returns null where there is none, and also where the file is missing, locked, of another schema
 * or not ours to read: then the server has to be asked.
 *
 * @param path The sqlite file.
 * @param experiment Name of the experiment.
 * @param identity Value of the run's identity tag.
 */
export function findFinishedRun(
  path: string,
  experiment: string,
  identity: string,
): FinishedRun | null {
  // Asked first, since opening a file outside of the granted folders would stop at a prompt.
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return null;
  try {
    Deno.statSync(path);
    using database = new DatabaseSync(path, { readOnly: true });
    const row = database.prepare(
      `SELECT runs.run_uuid AS run, runs.experiment_id AS experiment,
              (SELECT value FROM tags WHERE run_uuid = runs.run_uuid AND key = ?) AS promotion
         FROM runs
         JOIN experiments ON experiments.experiment_id = runs.experiment_id
         JOIN tags ON tags.run_uuid = runs.run_uuid
        WHERE experiments.name = ? AND experiments.lifecycle_stage = 'active'
          AND runs.status = 'FINISHED' AND runs.lifecycle_stage = 'active'
          AND tags.key = ? AND tags.value = ?`,
    ).get(PROMOTION_TAG, experiment, IDENTITY_TAG, identity);
    if (row === undefined) return null;
    return {
      runId: String(row["run"]),
      experimentId: String(row["experiment"]),
      promotion: row["promotion"] === null ? undefined : String(row["promotion"]),
    };
  } catch {
    return null;
  }
}

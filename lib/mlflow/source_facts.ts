import { join } from "node:path";
import { parse } from "yaml";
import { RAW_FILES, rawPath } from "../dataset/raw_files.ts";
import { trackedHash } from "../dvc.ts";
import { exists, readFile, readTextFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import type { Pairs } from "./entities.ts";

/**
 * One hash for the raw tables: SHA-256 over the MD5s that DVC keeps in `data/*.csv.dvc`; of a table
 * that DVC does not track, over the SHA-256 of its content.
 *
 * @param base The project's folder.
 * @throws {UserError} where a table is there in neither form, or a `.dvc` file is damaged.
 */
export async function hashRawData(base: string): Promise<string> {
  const lines: string[] = [];
  for (const name of RAW_FILES.toSorted()) {
    const path = join(base, rawPath(name));
    const tracked = await trackedHash(path);
    lines.push(
      tracked === undefined
        ? `${name} sha256 ${await sha256(await readFile(path, "Run `deno task data`."))}`
        : `${name} md5 ${tracked}`,
    );
  }
  return await sha256(lines.join("\n") + "\n");
}

/**
 * SHA-256 of what dvc.lock says of the stages that made the results, or null where there is no
 * dvc.lock. The logging's own stage, which DVC writes down when the logging is done, is left out.
 *
 * @param base The project's folder.
 */
export async function hashDvcLock(base: string): Promise<string | null> {
  const path = join(base, "dvc.lock");
  if (!await exists(path)) return null;
  const { stages = {} } = parse(await readTextFile(path, "Run `deno task repro`.")) ?? {};
  const { log_mlflow: _, ...others } = stages;
  return await sha256(JSON.stringify(others));
}

/**
 * Tags for the Git revision, under MLflow's own names; none outside of a Git repository, before its
 * first commit, or where Git is not installed.
 *
 * Dirty means that tracked files differ from the revision. What the pipeline itself writes
 * (metrics/ and dvc.lock) does not count: it is new after every run that is worth a record.
 *
 * @param base The project's folder.
 */
export async function gitTags(base: string): Promise<Pairs> {
  const commit = await git(base, ["rev-parse", "HEAD"]);
  if (commit === null) return {};
  const changes = await git(base, [
    "status",
    "--porcelain",
    "--untracked-files=no",
    "--",
    ".",
    ":(exclude)metrics",
    ":(exclude)dvc.lock",
  ]);
  return {
    "mlflow.source.git.commit": commit,
    "mlflow.source.git.dirty": String(changes !== ""),
  };
}

/** What `git` prints, or null where it fails or is missing. */
async function git(base: string, args: string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      // Status would write the index anew, which another Git at work may hold locked.
      args: ["--no-optional-locks", ...args],
      cwd: base,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

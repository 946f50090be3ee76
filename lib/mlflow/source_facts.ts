import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { exists, readFile, readTextFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import type { Pairs } from "./client.ts";

const RAW_FILES = ["features.csv", "stores.csv", "train.csv"];
const trackedSchema = z.object({ outs: z.array(z.object({ md5: z.string() })).min(1) });

/**
 * One hash for the raw tables: SHA-256 over the MD5s that DVC keeps in `data/*.csv.dvc`; of a table
 * that DVC does not track, over the SHA-256 of its content.
 *
 * @param base The project's folder.
 * @throws {UserError} where a table is there in neither form, or a `.dvc` file is damaged.
 */
export async function hashRawData(base: string): Promise<string> {
  const lines: string[] = [];
  for (const name of RAW_FILES) {
    const path = join(base, "data", name);
    const tracked = `${path}.dvc`;
    if (!await exists(tracked)) {
      const hash = await sha256(await readFile(path, "Run `deno task data`."));
      lines.push(`${name} sha256 ${hash}`);
      continue;
    }
    const text = await readTextFile(tracked, "Run `deno task data`.");
    lines.push(`${name} md5 ${readMd5(text, tracked)}`);
  }
  return await sha256(lines.join("\n") + "\n");
}

function readMd5(text: string, path: string): string {
  try {
    return trackedSchema.parse(parse(text)).outs[0]!.md5;
  } catch {
    throw new UserError(
      `${path} is damaged: expected YAML with outs and their md5. ` +
        `Restore it with \`git checkout ${path}\`.`,
    );
  }
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

import { dirname } from "node:path";
import { UserError } from "./errors.ts";
import { NO_FOLDER } from "./files.ts";

/**
 * Writes `path` whole or not at all: into a temporary file of the same folder, then by rename.
 * Missing folders are made.
 *
 * @throws {UserError} where the folder cannot be written or the disk is full.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from "./write_files.ts";
 * await writeFileAtomic("metrics/metrics_all.json", "{}\n");
 * ```
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await writeFilesAtomic([[path, content]]);
}

/**
 * As {@linkcode writeFileAtomic}, for files that belong together: all temporary files are whole
 * before the first is renamed, since what can fail has failed by then.
 */
export async function writeFilesAtomic(
  files: readonly (readonly [path: string, content: string | Uint8Array])[],
): Promise<void> {
  // One fixed name a target: what a killed process left is overwritten by the next. That two do not
  // write one target at once is for locks to see to: those of DVC, and those of lib/lock.ts.
  const temporaryOf = (path: string) => `${path}.tmp`;
  let current = "";
  try {
    for (const [path, content] of files) {
      current = path;
      await ensureFolder(dirname(path));
      if (typeof content === "string") await Deno.writeTextFile(temporaryOf(path), content);
      else await Deno.writeFile(temporaryOf(path), content);
    }
    for (const [path] of files) {
      current = path;
      await Deno.rename(temporaryOf(path), path);
    }
  } catch (error) {
    for (const [path] of files) await Deno.remove(temporaryOf(path)).catch(() => {});
    throw explainWriteError(current, error);
  }
}

/** Making a folder that is there asks for the right to write all of it, and not the file alone. */
async function ensureFolder(folder: string): Promise<void> {
  const found = await Deno.stat(folder).catch(() => undefined);
  if (!found?.isDirectory) await Deno.mkdir(folder, { recursive: true });
}

/** The sentence for an error of the system in writing `path`; any other error as it is. */
export function explainWriteError(path: string, error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Deno.errors.NotCapable) return error;
  if (error instanceof Deno.errors.PermissionDenied || /Permission denied|EACCES/i.test(text)) {
    return new UserError(
      `Cannot write ${path}: permission denied. Make its folder writable for this user and run again.`,
    );
  }
  if (/read-only file system|EROFS/i.test(text)) {
    return new UserError(
      `Cannot write ${path}: the file system is read-only. Run from a folder that can be written.`,
    );
  }
  if (/No space left|ENOSPC/i.test(text)) {
    return new UserError(`Cannot write ${path}: the disk is full. Free some space and run again.`);
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return new UserError(`Cannot write ${path}: it is a folder. Move it away and run again.`);
  }
  // The second is what making the folder says, since something else has its name.
  if (error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.AlreadyExists) {
    return new UserError(`Cannot write ${path}: ${NO_FOLDER}`);
  }
  return error;
}

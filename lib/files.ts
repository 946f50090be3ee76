import { dirname } from "node:path";
import { UserError } from "./errors.ts";

/**
 * Writes `path` whole or not at all: into a temporary file of the same folder, then by rename.
 * Missing folders are made.
 *
 * @throws {UserError} where the folder cannot be written or the disk is full.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from "./files.ts";
 * await writeFileAtomic("metrics/metrics_all.json", "{}\n");
 * ```
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await replaceFile(path, async (temporary) => {
    if (typeof content === "string") await Deno.writeTextFile(temporary, content);
    else await Deno.writeFile(temporary, content);
  });
}

/**
 * Lets `write` make a temporary file beside `path` and renames it to `path` when `write` is done.
 * For writers that want a file name (Polars). When `write` fails, `path` is as before.
 *
 * @throws {UserError} where the folder cannot be written or the disk is full.
 */
export async function replaceFile(
  path: string,
  write: (temporary: string) => void | Promise<void>,
): Promise<void> {
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await write(temporary);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw explainWriteError(path, error);
  }
}

function explainWriteError(path: string, error: unknown): unknown {
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
  return error;
}

/**
 * Text of a file.
 *
 * @param hint What to do when the file is missing, as a sentence.
 * @throws {UserError} where the file is missing or cannot be read.
 */
export async function readTextFile(path: string, hint: string): Promise<string> {
  return new TextDecoder().decode(await readFile(path, hint));
}

/** Bytes of a file; as {@linkcode readTextFile}. */
export async function readFile(path: string, hint: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`${path} is missing. ${hint}`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UserError(`${path} cannot be read: permission denied. Make it readable.`);
    }
    if (error instanceof Deno.errors.IsADirectory) {
      throw new UserError(`${path} is a folder, but a file was expected. Move it away.`);
    }
    throw error;
  }
}

/** Whether a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

import { UserError } from "./errors.ts";

/** Why a path is not there, and what to do. */
export const NO_FOLDER =
  "a file stands where its folder should be. Move that file away and run again.";

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
    throw explainReadError(path, error, hint);
  }
}

/**
 * The sentence for an error of the system in reading `path`; any other error as it is.
 *
 * @param hint What to do when the file is missing, as a sentence.
 */
export function explainReadError(path: string, error: unknown, hint: string): unknown {
  if (error instanceof Deno.errors.NotFound) return new UserError(`${path} is missing. ${hint}`);
  if (error instanceof Deno.errors.PermissionDenied) {
    return new UserError(`${path} cannot be read: permission denied. Make it readable.`);
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return new UserError(`${path} is a folder, but a file was expected. Move it away.`);
  }
  return explainNoFolder(path, error);
}

/**
 * Whether a file or folder is there.
 *
 * @throws {UserError} where a file stands in the place of its folder.
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw explainNoFolder(path, error);
  }
}

function explainNoFolder(path: string, error: unknown): unknown {
  if (error instanceof Deno.errors.NotADirectory) {
    return new UserError(`${path} is missing: ${NO_FOLDER}`);
  }
  if (error instanceof Deno.errors.FilesystemLoop) {
    return new UserError(`${path} cannot be read: its links lead in a circle. Remove the link.`);
  }
  return error;
}

import { dirname } from "node:path";
import { UserError } from "./errors.ts";
import { explainWriteError } from "./write_files.ts";

/**
 * Keeps a second process out of what this one is about to do, until the lock is disposed of. The
 * system frees it when the process ends, however it ends.
 *
 * @param path The lock file; made where it is missing, and left there.
 * @param busy What to say where another process holds the lock, as sentences.
 * @throws {UserError} where another process holds it, or the file cannot be written.
 *
 * @example
 * ```ts
 * import { takeLock } from "./lock.ts";
 * using _lock = await takeLock(".dvc/tmp/data.lock", "Another import is at work. Let it end.");
 * ```
 */
export async function takeLock(path: string, busy: string): Promise<Disposable> {
  let file: Deno.FsFile;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    file = await Deno.open(path, { create: true, write: true });
  } catch (error) {
    throw explainWriteError(path, error);
  }
  if (await file.tryLock(true)) return file;
  file.close();
  throw new UserError(busy);
}

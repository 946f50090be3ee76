import { md5, trackedHash } from "../dvc.ts";
import { UserError } from "../errors.ts";
import { exists, readFile } from "../files.ts";
import { takeLock } from "../lock.ts";
import { requireSetUp } from "../tools.ts";
import { tryDvc } from "../try_dvc.ts";
import { joinWords } from "../words.ts";
import { writeFilesAtomic } from "../write_files.ts";
import { RAW_FILES, RAW_PATHS, type RawFiles, rawPath } from "./raw_files.ts";

/**
 * Puts all raw tables into data/ or none, and gives them to DVC where its `.dvc` files stand for
 * others.
 *
 * @param force Whether to replace files that differ.
 * @param remedy What to do where files differ and `force` is false, as a sentence.
 * @throws {UserError} where files differ and `force` is false, or they cannot be written, or DVC
 *   does not take them; in the last case they are in data/ all the same.
 */
export async function placeRaw(files: RawFiles, force: boolean, remedy: string): Promise<void> {
  using _lock = await takeLock(
    ".dvc/tmp/data.lock",
    "Another `deno task data` is at work in this folder. Let it end and run again.",
  );
  const due: string[] = [];
  const different: string[] = [];
  let tracked = true;
  for (const file of RAW_FILES) {
    const path = rawPath(file);
    const hash = md5(files.get(file)!);
    if (!(await exists(path))) due.push(file);
    else if (md5(await readFile(path, "Run again.")) !== hash) different.push(file);
    if (await trackedHash(path) !== hash) tracked = false;
  }
  if (different.length > 0 && !force) {
    throw new UserError(
      `${joinWords(different.map(rawPath))}: already there, with other data. ${remedy}`,
    );
  }
  if (!tracked) await requireSetUp();
  await writeFilesAtomic(
    [...due, ...different].map((file) => [rawPath(file), files.get(file)!]),
  );
  if (tracked) return;
  const problem = await tryDvc(["add", "--quiet", ...RAW_PATHS]);
  if (problem !== undefined) {
    throw new UserError(
      `The files are in data/, but DVC did not take them (${problem}). Mend that and run ` +
        `\`deno task dvc add ${RAW_PATHS.join(" ")}\`.`,
    );
  }
}

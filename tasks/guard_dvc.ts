import { parse, YAMLParseError } from "yaml";
import { exists, readTextFile } from "../lib/files.ts";
import { writeFileAtomic } from "../lib/write_files.ts";

const LOCK = "dvc.lock";

/** dvc.lock as it was before DVC started, empty for none: there while DVC is at work. */
const KEPT = ".dvc/tmp/dvc.lock.before";

const READERS_AND_WRITERS = ".dvc/tmp/rwlock";

/**
 * Runs DVC so that a kill stops no later run. DVC writes some of its files in place, and refuses to
 * run on half of one: what the last run left cut short is mended first. Nothing else of DVC may be
 * running.
 *
 * @param run Runs DVC.
 * @returns The exit code that `run` gave.
 */
export async function guardDvc(run: () => Promise<number>): Promise<number> {
  if (await exists(KEPT)) await repair();
  await writeFileAtomic(KEPT, await exists(LOCK) ? await readTextFile(LOCK, "Run again.") : "");
  const code = await run();
  if (endedByItself(code)) await Deno.remove(KEPT);
  return code;
}

/** Whether an exit code of DVC or of our scripts is of none that a signal stopped. */
function endedByItself(code: number): boolean {
  // From 129 on they stand for signals; 252 is what DVC makes of Ctrl-C.
  return code <= 128 || code > 252;
}

async function repair(): Promise<void> {
  if (await exists(READERS_AND_WRITERS)) {
    const text = await readTextFile(READERS_AND_WRITERS, "Run again.");
    if (!isJson(text)) await Deno.remove(READERS_AND_WRITERS);
  }
  if (await exists(LOCK) && isCutShort(await readTextFile(LOCK, "Run again."))) {
    if ((await Deno.stat(KEPT)).size > 0) await Deno.rename(KEPT, LOCK);
    else await Deno.remove(LOCK);
    console.error(`${LOCK} was cut short when DVC was killed: it is again as it was before.`);
  }
}

/**
 * Whether the text of a dvc.lock is one that DVC cannot have finished writing, and would refuse. It
 * takes one that ends after a whole line: what is missing it runs again.
 */
export function isCutShort(text: string): boolean {
  // Somebody's merge is not ours to clean up: DVC will tell.
  if (/^<{7} /m.test(text)) return false;
  // A name without its value; of a parameter that is null, the file from before is as good.
  if (!/[^:\r\n]\r?\n$/.test(text)) return true;
  try {
    parse(text);
    return false;
  } catch (error) {
    if (error instanceof YAMLParseError) return true;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

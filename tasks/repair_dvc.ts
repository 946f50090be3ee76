import { parse, YAMLParseError } from "yaml";

const LOCK = "dvc.lock";
const READERS_AND_WRITERS = ".dvc/tmp/rwlock";

/**
 * Removes what a killed DVC left cut short: it writes these two files in place, and would refuse to
 * run on half of one. Without dvc.lock all stages run again; the results of earlier runs stay.
 * Nothing else of DVC may be running.
 */
export async function repairDvc(): Promise<void> {
  await removeIf(READERS_AND_WRITERS, (text) => !isJson(text));
  if (await removeIf(LOCK, isCutShort)) {
    console.error(`${LOCK} was cut short when DVC was killed: removed, all stages run again.`);
  }
}

/** Whether the text of a dvc.lock is one that DVC cannot have finished writing. */
export function isCutShort(text: string): boolean {
  // Somebody's merge is not ours to clean up: DVC will tell.
  if (/^<{7} /m.test(text)) return false;
  try {
    const lock = parse(text);
    if (typeof lock?.schema !== "string" || !isObject(lock.stages)) return true;
    return !Object.values(lock.stages).every(isWholeStage);
  } catch (error) {
    if (error instanceof YAMLParseError) return true;
    throw error;
  }
}

function isWholeStage(stage: unknown): boolean {
  const { cmd, deps, outs, params } = Object(stage);
  return typeof cmd === "string" &&
    [deps, outs].every((files) =>
      files === undefined || Array.isArray(files) && files.every(isWholeFile)
    ) &&
    (params === undefined || isObject(params) && Object.values(params).every(isObject));
}

function isWholeFile(file: unknown): boolean {
  const { path, md5, size } = Object(file);
  return typeof path === "string" && /^[0-9a-f]{32}(\.dir)?$/.test(md5) &&
    Number.isInteger(size) && Object.values(Object(file)).every((value) => value !== null);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function removeIf(path: string, isBroken: (text: string) => boolean): Promise<boolean> {
  try {
    if (!isBroken(await Deno.readTextFile(path))) return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  await Deno.remove(path);
  return true;
}

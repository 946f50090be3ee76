/**
 * What DVC's own files say, and the hash in them, without starting DVC.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { parse } from "yaml";
import { UserError } from "./errors.ts";
import { exists, readTextFile } from "./files.ts";

/**
 * MD5 that a file has by its `.dvc` file, or `undefined` where DVC does not track it.
 *
 * @param path Of the tracked file.
 * @throws {UserError} where the `.dvc` file cannot be understood.
 */
export async function trackedHash(path: string): Promise<string | undefined> {
  const pointer = `${path}.dvc`;
  if (!(await exists(pointer))) return undefined;
  return parsePointer(await readTextFile(pointer, ""), pointer);
}

/**
 * MD5 in the text of a `.dvc` file.
 *
 * @throws {UserError} where there is none.
 */
export function parsePointer(text: string, path: string): string {
  let hash: unknown;
  try {
    hash = parse(text)?.outs?.[0]?.md5;
  } catch {
    // Not YAML: for instance with the marks of a merge conflict.
  }
  if (typeof hash !== "string") {
    throw new UserError(
      `${path} names no md5 of its file. Restore it with \`git checkout ${path}\` and run again.`,
    );
  }
  return hash;
}

/** The hash that DVC names files by, in 32 hexadecimal digits. */
export function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

/** Name of the remote that the project's DVC configuration makes the default, if any. */
export async function defaultRemote(): Promise<string | undefined> {
  let remote: string | undefined;
  // The second file is for what one keeps to oneself, and wins.
  for (const path of [".dvc/config", ".dvc/config.local"]) {
    if (!(await exists(path))) continue;
    remote = parseRemote(await readTextFile(path, "")) ?? remote;
  }
  return remote;
}

/** Name of the default remote in the text of a DVC configuration, if it sets one. */
export function parseRemote(text: string): string | undefined {
  let section = "";
  let remote: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[(.*)\]/.exec(line)?.[1] ?? section;
    const value = /^\s*remote\s*=\s*(.*?)\s*$/.exec(line)?.[1];
    if (section === "core" && value) remote = value;
  }
  return remote;
}

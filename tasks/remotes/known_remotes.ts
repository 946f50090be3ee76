import { exists, readTextFile } from "../../lib/files.ts";

/** Addresses of the remotes that DVC's configuration of this project names, by name. */
export async function knownRemotes(): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  // The second file is for what one keeps to oneself, and wins.
  for (const path of [".dvc/config", ".dvc/config.local"]) {
    if (!(await exists(path))) continue;
    for (const [name, url] of parseRemotes(await readTextFile(path, ""))) known.set(name, url);
  }
  return known;
}

/**
 * Addresses of remotes in the text of a DVC configuration, by name.
 *
 * @example
 * ```ts
 * import { parseRemotes } from "./known_remotes.ts";
 * const text = "['remote \"storage\"']\n    url = s3://bucket/path\n";
 * console.log(parseRemotes(text)); // Map(1) { "storage" => "s3://bucket/path" }
 * ```
 */
export function parseRemotes(text: string): Map<string, string> {
  const remotes = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) name = /^['"]?\s*remote\s+\\?"(.*?)\\?"/.exec(section)?.[1];
    const url = /^\s*url\s*=\s*(['"]?)(.*?)\1\s*$/.exec(line)?.[2];
    // Names count without their case, as DVC counts them.
    if (name !== undefined && url) remotes.set(name.toLowerCase(), url);
  }
  return remotes;
}

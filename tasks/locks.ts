/**
 * What the lock files pin: deno.lock for npm packages, a requirements.txt for each Python
 * environment.
 *
 * @module
 */

import { UserError } from "../lib/errors.ts";
import { readTextFile } from "../lib/files.ts";
import { npmPackage, type Pinned } from "../lib/packages.ts";

/** The lock of npm packages. */
export const NPM_LOCK = "deno.lock";

const SHA256 = /^--hash=sha256:[0-9a-f]{64}$/;

const HINT = "Take it from Git.";

/**
 * Paths of all requirements.txt that lock the requirements.in beside them, those of environments
 * that only some tasks need among them.
 *
 * @param folder Where to look; packages that are installed there are left out.
 */
export async function pythonLocks(folder = "."): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = folder === "." ? name : `${folder}/${name}`;
    if (name === "requirements.in") found.push(path.replace(/in$/, "txt"));
    else if (isDirectory && !["node_modules", ".venv", ".git", ".cache"].includes(name)) {
      found.push(...await pythonLocks(path));
    }
  }
  return found.sort();
}

/**
 * The packages of a requirements.txt that `uv pip compile --universal --generate-hashes` made. One
 * that has another version on another Python or system is there once for each version.
 *
 * @throws {UserError} where a line pins no version, or has no SHA-256 hash.
 */
export function readPythonLock(text: string, path: string): Pinned[] {
  const entries = text.replace(/^ *#.*\n/gm, "").replaceAll("\\\n", " ").split("\n");
  return entries.filter((entry) => entry.trim() !== "").map((entry) => {
    const [, name, version] = /^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+]+)(?= )/.exec(entry) ?? [];
    const hashes = entry.match(/--hash=\S*/g) ?? [];
    const isHashed = hashes.length > 0 && hashes.every((hash) => SHA256.test(hash));
    if (name !== undefined && version !== undefined && isHashed) {
      return { name, version };
    }
    throw new UserError(
      `${path} has "${entry.slice(0, 60)}": expected NAME==VERSION with SHA-256 hashes. ` +
        "Run the command at its top.",
    );
  });
}

/** As {@linkcode readPythonLock}, of a file. */
export async function pythonPackages(path: string): Promise<Pinned[]> {
  return readPythonLock(await readTextFile(path, HINT), path);
}

/** A package of deno.lock. */
export interface NpmPackage extends Pinned {
  integrity: string;
  /** Packages of which only those for this system are installed. */
  optional: string[];
}

/** The packages of deno.lock, each version once. */
export async function npmPackages(): Promise<NpmPackage[]> {
  const { npm } = JSON.parse(await readTextFile(NPM_LOCK, HINT)) as {
    npm: Record<string, { integrity: string; optionalDependencies?: string[] }>;
  };
  const packages = new Map<string, NpmPackage>();
  for (const [key, { integrity, optionalDependencies = [] }] of Object.entries(npm)) {
    const { name, version } = npmPackage(key);
    packages.set(`${name}@${version}`, {
      name,
      version,
      integrity,
      optional: optionalDependencies.map((text) => text.replace(/(?<=.)@.*/, "")),
    });
  }
  return [...packages.values()];
}

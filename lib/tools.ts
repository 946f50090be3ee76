/**
 * The Python tools in `.venv` and the programs around the pipeline: where they are, and the
 * environment that they run in.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { UserError } from "./errors.ts";
import { sha256 } from "./hash.ts";

const WINDOWS = Deno.build.os === "windows";

/** Lists what `.venv` holds, with hashes; its own hash stands in the set-up's stamp. */
export const REQUIREMENTS = "requirements.txt";

/** Written into `.venv` when all is installed: what is missing or other means set-up is due. */
export const SETUP_STAMP = ".venv/setup-stamp";

/**
 * Path of a program in `.venv`, relative to the project: `.venv/bin/dvc`, on Windows
 * `.venv/Scripts/dvc.exe`.
 */
export function venvTool(name: string, windows = WINDOWS): string {
  return windows ? `.venv/Scripts/${name}.exe` : `.venv/bin/${name}`;
}

/**
 * PATH with the folder of this Deno first, so that the `deno run ...` commands of DVC's stages
 * find it even where only npx brought it. Needs the right to read the variable PATH.
 */
export function pathWithDeno(): string {
  const path = Deno.env.get("PATH");
  const folder = dirname(Deno.execPath());
  return path ? `${folder}${WINDOWS ? ";" : ":"}${path}` : folder;
}

/**
 * Whether `.venv` holds just what requirements.txt lists, in the place where it was made: programs
 * in a moved `.venv` do not start.
 */
export async function isSetUp(): Promise<boolean> {
  try {
    const [stamp, due] = [await Deno.readTextFile(SETUP_STAMP), await setupStamp()];
    // Follows the link: a Python that was removed or upgraded away leaves it dangling.
    return stamp === due && (await Deno.stat(venvTool("python"))).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What {@linkcode SETUP_STAMP} holds when set-up is done; `.venv` must be there. */
export async function setupStamp(): Promise<string> {
  const hash = await sha256(await Deno.readFile(REQUIREMENTS));
  return `${hash} ${await Deno.realPath(resolve(".venv"))}\n`;
}

/**
 * Makes sure that set-up was done, for scripts that run a tool of `.venv`.
 *
 * @throws {UserError} where it was not.
 */
export async function requireSetUp(): Promise<void> {
  if (await isSetUp()) return;
  throw new UserError(
    "The Python tools (DVC, MLflow) are not installed as requirements.txt asks. Run `deno task setup`.",
  );
}

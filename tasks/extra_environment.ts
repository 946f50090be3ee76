import { UserError } from "../lib/errors.ts";
import { firstError } from "../lib/first_error.ts";
import { sha256 } from "../lib/hash.ts";
import { venvTool } from "../lib/tools.ts";
import { offline, setUp } from "./setup.ts";

/** A Python environment that only some tasks need: `.venv` in a folder, beside its list of packages. */
export interface ExtraEnvironment {
  /** Folder with requirements.txt, for example `bench`. */
  folder: string;
  /** What it holds, in words that stand in "Installing ... from bench/requirements.txt". */
  content: string;
}

/** Path of a program in an extra environment, relative to the project. */
export function extraTool({ folder }: ExtraEnvironment, name: string): string {
  return `${folder}/${venvTool(name)}`;
}

/**
 * Makes an environment hold just what its requirements.txt lists, after the project's own set-up;
 * quick where it does.
 *
 * @throws {UserError} where the network is missing or a package does not install.
 */
export async function installExtra(environment: ExtraEnvironment): Promise<void> {
  await setUp();
  if (await isInstalled(environment)) return;
  const { folder, content } = environment;
  const requirements = requirementsOf(environment);
  console.error(`Installing ${content} from ${requirements} into ${folder}/.venv ...`);
  const run = (command: string, args: string[]) => install(environment, command, args);
  await run(venvTool("python"), ["-m", "venv", "--clear", `${folder}/.venv`]);
  const what = ["install", "--require-hashes", "-r", requirements];
  const python = extraTool(environment, "python");
  try {
    await run(venvTool("uv"), ["pip", ...what, "--python", python]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // uv does not read pip's settings, such as a mirror's address.
    await run(python, ["-m", "pip", ...what, "--no-input", "--disable-pip-version-check"]);
  }
  await Deno.writeTextFile(stampFileOf(environment), await stamp(environment));
}

/** Whether an environment holds just what its requirements.txt lists. */
export async function isInstalled(environment: ExtraEnvironment): Promise<boolean> {
  const found = await Deno.readTextFile(stampFileOf(environment)).catch(() => undefined);
  return found !== undefined && found === await stamp(environment);
}

function requirementsOf({ folder }: ExtraEnvironment): string {
  return `${folder}/requirements.txt`;
}

function stampFileOf({ folder }: ExtraEnvironment): string {
  return `${folder}/.venv/setup-stamp`;
}

/** What the stamp holds when all is installed; another Python or place needs a new environment. */
async function stamp(environment: ExtraEnvironment): Promise<string> {
  const hash = await sha256(await Deno.readFile(requirementsOf(environment)));
  const place = await Deno.realPath(`${environment.folder}/.venv`);
  return `${hash} ${place} ${await Deno.realPath(venvTool("python"))}\n`;
}

async function install(
  environment: ExtraEnvironment,
  command: string,
  args: string[],
): Promise<void> {
  const output = await new Deno.Command(command, { args, stdin: "null", env: { NO_COLOR: "1" } })
    .output();
  if (output.success) return;
  const decoder = new TextDecoder();
  const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
  const { content } = environment, requirements = requirementsOf(environment);
  // The list says in its second line which Python it was made for.
  const python = /--python-version (\S+)/.exec(await Deno.readTextFile(requirements))?.[1];
  throw offline(text) ?? new UserError(
    `${content[0]!.toUpperCase()}${content.slice(1)} of ${requirements} ` +
      `were not installed (they need Python ${python} or newer): ${firstError(text)}`,
  );
}

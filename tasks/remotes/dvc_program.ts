import { defaultRemote } from "../../lib/dvc.ts";
import { UserError } from "../../lib/errors.ts";
import { venvTool } from "../../lib/tools.ts";
import { type ExtraEnvironment, extraTool, isInstalled } from "../extra_environment.ts";
import { kindOf } from "./kinds.ts";
import { knownRemotes } from "./known_remotes.ts";

/** The DVC to run for a command line. */
export interface DvcProgram {
  /** Its path, relative to the project. */
  path: string;
  /** The remote whose plugin this DVC lacks, if the command line means a remote that needs one. */
  lacksPluginOf?: string;
}

/**
 * The DVC of `.venv`, or where the command's remote (that of `--remote`, else the default one) needs
 * a plugin that is installed, the same DVC in the plugin's environment.
 *
 * @param args As after `dvc` on a command line.
 */
export async function dvcProgram(args: string[]): Promise<DvcProgram> {
  const plain = venvTool("dvc");
  const name = (remoteOption(args) ?? await defaultRemote())?.toLowerCase();
  const url = name === undefined ? undefined : (await knownRemotes()).get(name);
  const environment = url === undefined ? undefined : environmentOf(url);
  if (!environment) return { path: plain };
  if (await isInstalled(environment)) return { path: extraTool(environment, "dvc") };
  return { path: plain, lacksPluginOf: name! };
}

/**
 * What a command line names as its remote.
 *
 * @example
 * ```ts
 * import { remoteOption } from "./dvc_program.ts";
 * console.log(remoteOption(["push", "-r", "storage"])); // "storage"
 * ```
 */
export function remoteOption(args: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === "-r" || arg === "--remote") return args[index + 1];
    const joined = /^(?:-r|--remote=)(.+)$/.exec(arg)?.[1];
    if (joined !== undefined) return joined;
  }
  return undefined;
}

function environmentOf(url: string): ExtraEnvironment | undefined {
  try {
    return kindOf(url).environment;
  } catch (error) {
    // A kind that somebody set up without us, for which DVC has its own words.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

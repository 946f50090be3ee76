import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { pathWithDeno, requireSetUp } from "../lib/tools.ts";
import { dvcProgram } from "./remotes/dvc_program.ts";

/** Commands of DVC that go to a remote. */
const REMOTE_COMMANDS = ["push", "pull", "fetch"];

/**
 * Runs DVC, that with the remote's plugin where it is installed, with a PATH on which DVC's stages
 * find this Deno.
 *
 * @param args As after `dvc` on a command line.
 * @returns DVC's exit code.
 */
export async function runDvc(args: string[]): Promise<number> {
  const { path, lacksPluginOf } = await dvcProgram(args);
  const code = await runChild(path, args, { PATH: pathWithDeno() });
  if (code !== 0 && lacksPluginOf !== undefined && REMOTE_COMMANDS.includes(args[0]!)) {
    console.error(
      `DVC's plugin for the remote ${lacksPluginOf} is not installed here: ` +
        `\`deno task remote --name ${lacksPluginOf}\` installs it and tests the remote.`,
    );
  }
  return code;
}

if (import.meta.main) {
  // No arguments for runCommand: `--help` and all the rest are DVC's to answer.
  await runCommand({ name: "deno task dvc", summary: "Runs DVC.", options: {} }, async () => {
    await requireSetUp();
    Deno.exit(await runDvc(Deno.args));
  }, []);
}

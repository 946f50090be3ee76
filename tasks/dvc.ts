import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { pathWithDeno, requireSetUp, venvTool } from "../lib/tools.ts";

/**
 * Runs DVC from `.venv`, with a PATH on which its stages find this Deno.
 *
 * @param args As after `dvc` on a command line.
 * @returns DVC's exit code.
 */
export function runDvc(args: string[]): Promise<number> {
  return runChild(venvTool("dvc"), args, { PATH: pathWithDeno() });
}

if (import.meta.main) {
  // No arguments for runCommand: `--help` and all the rest are DVC's to answer.
  await runCommand({ name: "deno task dvc", summary: "Runs DVC.", options: {} }, async () => {
    await requireSetUp();
    Deno.exit(await runDvc(Deno.args));
  }, []);
}

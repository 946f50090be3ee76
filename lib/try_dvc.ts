import { firstError } from "./first_error.ts";
import { venvTool } from "./tools.ts";

/**
 * Runs DVC without showing what it prints.
 *
 * @param args As after `dvc` on a command line.
 * @param program Which DVC; that of `.venv` has no plugins for remotes.
 * @returns What DVC says of its failure, without a full stop; `undefined` where it did not fail.
 */
export async function tryDvc(
  args: string[],
  program: string = venvTool("dvc"),
): Promise<string | undefined> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  if (success) return undefined;
  const decoder = new TextDecoder();
  const text = decoder.decode(stderr) + decoder.decode(stdout);
  // DVC says the same for a remote that it did not reach.
  if (text.includes("neither locally nor on remote")) {
    return "the remote does not hold them, or was not reached";
  }
  return firstError(text).replace(/^ERROR: /, "").replace(/[.:]$/, "");
}

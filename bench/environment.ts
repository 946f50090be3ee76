import { UserError } from "../lib/errors.ts";
import { firstError } from "../lib/first_error.ts";
import { sha256 } from "../lib/hash.ts";
import { venvTool } from "../lib/tools.ts";
import { offline, setUp } from "../tasks/setup.ts";
import { peerPython, VENV } from "./alone.ts";

const REQUIREMENTS = "bench/requirements.txt";
const STAMP = `${VENV}/setup-stamp`;

/**
 * Makes bench/.venv hold just what bench/requirements.txt lists; quick where it does.
 *
 * @throws {UserError} where the network is missing or a package does not install.
 */
export async function installPeers(): Promise<void> {
  await setUp();
  const due = await stamp();
  if (await Deno.readTextFile(STAMP).catch(() => "") === due) return;
  console.error("Installing the peers from bench/requirements.txt into bench/.venv ...");
  await run(venvTool("python"), ["-m", "venv", "--clear", VENV]);
  const what = ["install", "--require-hashes", "-r", REQUIREMENTS];
  try {
    await run(venvTool("uv"), ["pip", ...what, "--python", peerPython()]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // uv does not read pip's settings, such as a mirror's address.
    await run(peerPython(), ["-m", "pip", ...what, "--no-input", "--disable-pip-version-check"]);
  }
  await Deno.writeTextFile(STAMP, due);
}

/** What the stamp holds when all is installed; another Python or place needs a new environment. */
async function stamp(): Promise<string> {
  const hash = await sha256(await Deno.readFile(REQUIREMENTS));
  return `${hash} ${await Deno.realPath("bench")} ${await Deno.realPath(venvTool("python"))}\n`;
}

async function run(command: string, args: string[]): Promise<void> {
  const output = await new Deno.Command(command, { args, stdin: "null", env: { NO_COLOR: "1" } })
    .output();
  if (output.success) return;
  const decoder = new TextDecoder();
  const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
  throw offline(text) ?? new UserError(
    `The peers of ${REQUIREMENTS} were not installed (they need Python 3.11 or newer): ${
      firstError(text)
    }`,
  );
}

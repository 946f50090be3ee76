import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { firstError } from "../lib/first_error.ts";
import { isSetUp, REQUIREMENTS, SETUP_STAMP, setupStamp, venvTool } from "../lib/tools.ts";

/** Oldest Python that requirements.txt is locked for. */
const PYTHON_MINOR = 10;

// The plain names first; the numbered ones help where `python3` is the system's old one.
const PYTHONS = [
  "python3",
  "python",
  "py",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
];

const PROBE = `
import sys
try:
    import ensurepip, venv
    ready = True
except ImportError:
    ready = False
print(*sys.version_info[:2], ready)
`;

/**
 * Installs what the project needs: npm packages from deno.lock, and `.venv` with the Python tools
 * from requirements.txt. Quiet and quick where all is there; what a killed set-up left is made anew.
 *
 * @throws {UserError} where Python or the network is missing, or a package does not install.
 */
export async function setUp(): Promise<void> {
  await installNpmPackages();
  if (await isSetUp()) return;
  await Deno.mkdir(".dvc/tmp", { recursive: true });
  // Two set-ups at once would write into the same .venv; the second waits and finds it done.
  using lock = await Deno.open(".dvc/tmp/setup.lock", { create: true, write: true });
  await lock.lock(true);
  if (await isSetUp()) return;
  await makeVenv();
  await installPythonTools();
  await Deno.writeTextFile(SETUP_STAMP, await setupStamp());
  console.error("Set-up is done.");
}

async function installNpmPackages(): Promise<void> {
  const { ok, text } = await run(Deno.execPath(), ["install", "--frozen", "--quiet"]);
  if (ok) return;
  throw offline(text) ??
    new UserError(`The npm packages of deno.lock were not installed: ${firstError(text)}`);
}

async function makeVenv(): Promise<void> {
  // Without a stamp an earlier set-up was killed: what it left cannot be trusted.
  const trusted = await exists(SETUP_STAMP) && (await run(venvTool("python"), ["--version"])).ok;
  if (trusted) {
    await Deno.remove(SETUP_STAMP);
    return;
  }
  const python = await findPython();
  console.error(`Making .venv with ${python.name} (Python 3.${python.minor}) ...`);
  const { ok, text } = await run(python.name, ["-m", "venv", "--clear", ".venv"]);
  if (!ok) {
    throw new UserError(
      `${python.name} could not make .venv: ${
        firstError(text)
      } Remove the folder .venv and run again.`,
    );
  }
}

async function findPython(): Promise<{ name: string; minor: number }> {
  const problems: string[] = [];
  for (const name of PYTHONS) {
    const { ok, text } = await run(name, ["-c", PROBE]);
    const match = ok && /^(\d+) (\d+) (True|False)/m.exec(text);
    // Also what Windows' placeholder `python3` answers, which only opens a shop.
    if (!match) continue;
    const problem = pythonProblem(Number(match[1]), Number(match[2]), match[3] === "True");
    if (!problem) return { name, minor: Number(match[2]) };
    problems.push(`${name} ${problem}`);
  }
  throw new UserError(
    `Python 3.${PYTHON_MINOR} or newer with its venv module is needed for DVC and MLflow, but ` +
      (problems.length ? `${problems.join(", and ")}.` : "no python3, python or py was found.") +
      " Install it from https://www.python.org/downloads or with the system's package manager" +
      " (Debian, Ubuntu: sudo apt install python3 python3-venv) and run again.",
  );
}

/** What speaks against a Python, or `undefined` where it will do. */
export function pythonProblem(major: number, minor: number, venv: boolean): string | undefined {
  if (major !== 3 || minor < PYTHON_MINOR) return `is version ${major}.${minor}`;
  return venv ? undefined : `(version ${major}.${minor}) lacks the venv module`;
}

async function installPythonTools(): Promise<void> {
  console.error(
    "Installing DVC and MLflow from requirements.txt (a minute or two the first time) ...",
  );
  const python = venvTool("python");
  const what = ["install", "--require-hashes", "-r", REQUIREMENTS];
  const uv = await findUv();
  // Compiled now, as pip does, since Python may be told to keep no bytecode: MLflow then starts in
  // 3 s, not 8. uv does not read pip's settings (a mirror, a certificate): where it fails, pip has
  // its turn.
  const options = ["--compile-bytecode", "--python", python];
  if (uv && (await run(uv, ["pip", ...what, ...options])).ok) return;
  const { ok, text } = await run(python, ["-m", "pip", ...what, ...PIP_OPTIONS]);
  if (!ok) {
    throw offline(text) ??
      new UserError(
        `The Python packages of ${REQUIREMENTS} were not installed: ${firstError(text)}`,
      );
  }
}

const PIP_OPTIONS = ["--retries", "2", "--no-input", "--disable-pip-version-check"];

/** uv from PATH, else from requirements.txt by pip, else none. */
async function findUv(): Promise<string | undefined> {
  if ((await run("uv", ["--version"])).ok) return "uv";
  const list = ".venv/uv.txt";
  await Deno.writeTextFile(list, requirement(await Deno.readTextFile(REQUIREMENTS), "uv"));
  const { ok, text } = await run(venvTool("python"), [
    ...["-m", "pip", "install", "--require-hashes", "-r", list],
    ...PIP_OPTIONS,
  ]);
  const unreachable = offline(text);
  if (!ok && unreachable) throw unreachable;
  return ok ? venvTool("uv") : undefined;
}

/** The lines of one package, with its hashes, in the text of a requirements file. */
export function requirement(requirements: string, name: string): string {
  const lines = requirements.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${name}==`));
  const length = lines.slice(start).findIndex((line) => !line.endsWith("\\")) + 1;
  return lines.slice(start, start + length).join("\n") + "\n";
}

/** The error for a failed install that did not reach its host, judged by what the tool printed. */
export function offline(text: string): UserError | undefined {
  const unreachable =
    /dns error|name resolution|getaddrinfo|Name or service not known|Failed to establish a new connection|Connection refused|Network is unreachable|timed out|error sending request/i;
  if (!unreachable.test(text)) return undefined;
  const host = /https?:\/\/(?:[^/@\s]*@)?([^/\s'"):]+)/.exec(text)?.[1] ??
    /host='([^']+)'/.exec(text)?.[1] ?? "the package index";
  return new UserError(
    `${host} was not reached. Set-up downloads packages: connect to the network (behind a company` +
      " mirror, set it in .npmrc and pip.conf) and run again.",
  );
}

async function run(command: string, args: string[]): Promise<{ ok: boolean; text: string }> {
  try {
    const output = await new Deno.Command(command, {
      args,
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
    return { ok: output.success, text };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return { ok: false, text: "" };
    }
    throw error;
  }
}

if (import.meta.main) {
  await runCommand({
    name: "deno task setup",
    summary: "Installs the npm packages and, into .venv, DVC and MLflow. Safe to run again.",
    options: {},
  }, setUp);
}

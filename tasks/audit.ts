import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { readTextFile } from "../lib/files.ts";
import { type ExtraEnvironment, extraTool, installExtra } from "./extra_environment.ts";
import { NPM_LOCK, pythonLocks } from "./locks.ts";

const ENVIRONMENT: ExtraEnvironment = { folder: "tasks/audit", content: "pip-audit" };

/** Packages that are known to be vulnerable and cannot be locked newer, by lock. */
export const LEFT_OUT: Readonly<Record<string, { name: string; reason: string }>> = {
  "remotes/gdrive/requirements.txt": {
    name: "cryptography",
    reason: "the plugin for Google Drive takes none from version 44 on, and the OpenSSL in older " +
      "ones has known weaknesses; docs/remotes.md says what that means",
  },
};

/**
 * Asks for known vulnerabilities of all that the lock files pin: the npm registry by `deno audit`,
 * PyPI or OSV by pip-audit. A package that nobody answers for counts as a failure.
 *
 * @param osv Address of an OSV service to ask instead of PyPI.
 */
async function audit(osv: string | undefined): Promise<void> {
  await installExtra(ENVIRONMENT);
  const failed: string[] = [];
  console.log(`\n${NPM_LOCK}`);
  if (await runChild(Deno.execPath(), ["audit"]) !== 0) failed.push(NPM_LOCK);
  const service = osv === undefined ? [] : ["--vulnerability-service", "osv", "--osv-url", osv];
  for (const lock of await pythonLocks()) {
    console.log(`\n${lock}`);
    if (!await auditPython(lock, service)) failed.push(lock);
  }
  if (failed.length === 0) return;
  throw new UserError(
    `Of ${failed.join(", ")} packages are known to be vulnerable, or could not be asked about; ` +
      "what stands above says which. Lock a newer version, or try again where nobody answered.",
  );
}

async function auditPython(lock: string, service: string[]): Promise<boolean> {
  let ok = true;
  const left = LEFT_OUT[lock];
  if (left) console.log(`Left out is ${left.name}: ${left.reason}.`);
  for (const text of splitLock(await readTextFile(lock, "Take it from Git."), left?.name)) {
    const file = await Deno.makeTempFile({ dir: ".dvc/tmp", suffix: ".txt" });
    try {
      await Deno.writeTextFile(file, text);
      // Without --strict, packages that PyPI does not know pass in silence.
      const how = ["--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off"];
      const tool = extraTool(ENVIRONMENT, "pip-audit");
      if (await runChild(tool, [...how, ...service, "-r", file]) !== 0) ok = false;
    } finally {
      await Deno.remove(file);
    }
  }
  return ok;
}

/**
 * A lock file as several that together list each package that is in it, whatever Python or system
 * it is for: pip-audit leaves out those for others, and takes no package in two versions.
 *
 * @param without A package that is in none of them.
 */
export function splitLock(text: string, without?: string): string[] {
  const files: Map<string, string>[] = [];
  for (const entry of text.split(/^(?=[a-z0-9])/mi)) {
    const name = /^[\w.-]+(?=[[=])/.exec(entry)?.[0];
    if (name === undefined || name === without) continue;
    const file = files.find((file) => !file.has(name)) ?? new Map<string, string>();
    if (file.size === 0) files.push(file);
    file.set(name, entry.replace(/^(\S+) ;.*\\$/m, "$1 \\"));
  }
  return files.map((file) => [...file.values()].join(""));
}

if (import.meta.main) {
  await runCommand({
    name: "deno task audit",
    summary:
      "Asks npm and PyPI for known vulnerabilities of all packages that the lock files pin.\n" +
      "Fails where there is one, and where a package could not be asked about.",
    options: {
      "osv-url": {
        type: "string",
        value: "URL",
        description: "ask this OSV service about Python packages, for example " +
          "https://api.osv.dev/v1/query (default: PyPI)",
      },
    },
    examples: ["deno task audit"],
  }, ({ values }) => audit(values["osv-url"]));
}

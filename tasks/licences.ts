import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { firstError } from "../lib/first_error.ts";
import { npmLicence, type Pinned, pythonName, readPythonMetadata } from "../lib/packages.ts";
import { venvTool } from "../lib/tools.ts";
import { writeFileAtomic } from "../lib/write_files.ts";
import { isAllowed, licenceName } from "./licence_names.ts";
import { NPM_LOCK, npmPackages, pythonLocks, pythonPackages } from "./locks.ts";
import { setUp } from "./setup.ts";

/** Where the list is. */
export const LICENCES = "THIRD_PARTY.md";

const INTRODUCTION = `# Packages of others

What this project uses, as the lock files pin it, and under which licences. \`deno task licences\`
writes this list; a test holds it against the lock files. None of these packages is part of the
source. The API and the pages run with packages of \`deno.lock\`, the pipeline also with those of
\`requirements.txt\`; the other lock files are for benchmarks, tests and tools.
`;

interface Licensed extends Pinned {
  licence: string;
}

/** Writes {@linkcode LICENCES}. */
async function listLicences(): Promise<void> {
  await setUp();
  const locks = await pythonLocks();
  // A package that one lock file has for other systems alone, another may have for this one.
  const written = new Map<string, string>();
  for (const lock of locks) {
    if (Deno.stderr.isTerminal()) console.error(`Reading the packages of ${lock} ...`);
    for (const [name, text] of await readInstalled(lock)) written.set(name, text);
  }
  const sections = [section(NPM_LOCK, await npmLicences())];
  for (const lock of locks) {
    const packages = (await pythonPackages(lock)).map(({ name, version }) => ({
      name,
      version,
      licence: licenceName(name, written.get(pythonName(name))),
    }));
    sections.push(section(lock, packages));
  }
  await writeFileAtomic(LICENCES, [INTRODUCTION, ...sections].join("\n"));
  console.log(`${LICENCES} is written.`);
}

/** The heading, and a list of the packages of each licence. */
function section(lock: string, packages: Licensed[]): string {
  for (const { name, licence } of packages) {
    if (isAllowed(name, licence)) continue;
    throw new UserError(
      `${name} of ${lock} comes under ${licence}, which tasks/licence_names.ts does not allow. ` +
        "Use another package, or allow it there with the reason.",
    );
  }
  const rows = packages.map(({ name, version, licence }) => [name, version, licence])
    .sort(([a], [b]) => a! < b! ? -1 : 1);
  const head = ["package", "version", "licence"];
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [`## ${lock}\n`, line(head), rule, ...rows.map(line), ""].join("\n");
}

/** A package for another system is not installed here: it has the licence of the one that asks for it. */
async function npmLicences(): Promise<Licensed[]> {
  const packages = await npmPackages();
  const licences = new Map<string, string>();
  const systems = new Set(packages.flatMap(({ optional }) => optional));
  for (const { name, version, optional } of packages) {
    if (systems.has(name)) continue;
    const licence = licenceName(name, npmLicence({ name, version }));
    for (const each of [name, ...optional]) licences.set(each, licence);
  }
  return packages.map(({ name, version }) => ({ name, version, licence: licences.get(name)! }));
}

/**
 * Installs what a lock file lists into a folder that is removed again.
 *
 * @returns What each package says of its licence, by {@linkcode pythonName}.
 */
async function readInstalled(lock: string): Promise<Map<string, string>> {
  const target = await Deno.makeTempDir({ dir: ".dvc/tmp", prefix: "licences-" });
  try {
    const where = ["--python", venvTool("python"), "--target", target];
    const args = [
      "pip",
      "install",
      "--quiet",
      "--no-deps",
      "--require-hashes",
      ...where,
      "-r",
      lock,
    ];
    const { success, stderr } = await new Deno.Command(venvTool("uv"), { args }).output();
    if (!success) {
      throw new UserError(
        `The packages of ${lock} were not installed: ${
          firstError(new TextDecoder().decode(stderr))
        }`,
      );
    }
    const written = new Map<string, string>();
    for await (const { name } of Deno.readDir(target)) {
      if (!name.endsWith(".dist-info")) continue;
      const found = readPythonMetadata(await Deno.readTextFile(`${target}/${name}/METADATA`));
      written.set(pythonName(found.name), found.licence);
    }
    return written;
  } finally {
    await Deno.remove(target, { recursive: true });
  }
}

if (import.meta.main) {
  await runCommand({
    name: "deno task licences",
    summary: `Writes ${LICENCES}: all packages that the lock files pin, with their licences.`,
    options: {},
  }, listLicences);
}

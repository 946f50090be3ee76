import { createHash } from "node:crypto";
import { runCommand } from "../lib/cli.ts";
import { RAW_FILES, type RawFiles, readRawFiles } from "../lib/dataset/raw_files.ts";
import { DEFAULT_SEED, syntheticHistory } from "../lib/dataset/synthetic/synthetic_history.ts";
import { defaultRemote, trackedHash } from "../lib/dvc.ts";
import { UserError } from "../lib/errors.ts";
import { exists, readFile, replaceFile } from "../lib/files.ts";
import { requireSetUp, venvTool } from "../lib/tools.ts";
import { firstError } from "./setup.ts";

const COMMAND = {
  name: "deno task data",
  summary:
    "Provides data/train.csv, data/features.csv and data/stores.csv. Without options, where one is\n" +
    "missing: from the DVC remote if there is one, else synthetic data.",
  options: {
    from: {
      type: "string",
      value: "PATH",
      description: "take them from a folder or from Kaggle's zip, and give them to DVC",
    },
    synthetic: { type: "boolean", description: "make synthetic data, whatever DVC knows" },
    force: { type: "boolean", description: "replace files in data/ that differ" },
  } as const,
  examples: [
    "deno task data --from walmart-recruiting-store-sales-forecasting.zip",
    "deno task data --from ../my-data --force",
  ],
};

const pathOf = (file: string) => `data/${file}`;
const PATHS = RAW_FILES.map(pathOf);

/**
 * Makes the raw tables be there, pulled from the DVC remote or synthetic. Files that are there stay
 * as they are.
 *
 * @throws {UserError} where the `.dvc` files stand for other data than the synthetic and these
 *   cannot be pulled, or part of other data is there.
 */
export async function provideData(): Promise<void> {
  const missing = await missingPaths();
  if (missing.length === 0) {
    console.log(`${list(PATHS)} are there: nothing to do.`);
    return;
  }
  const remote = await defaultRemote();
  const problem = remote === undefined ? "no DVC remote is set" : await pull(missing, remote);
  if (problem === undefined) {
    console.log(`Pulled ${list(missing)} from the DVC remote ${remote}.`);
    return;
  }
  const files = syntheticFiles();
  // Equal hashes are equal data: then the generator gives just what the remote would have given.
  for (const file of RAW_FILES) {
    const tracked = await trackedHash(pathOf(file));
    if (tracked === undefined || tracked === md5(files.get(file)!)) continue;
    throw new UserError(
      `${list(missing)}: missing, and ${problem}. ${
        pathOf(file)
      }.dvc stands for data of your own, ` +
        "so synthetic data do not take their place. " +
        (remote ? "Mend the remote" : "Set a remote with `deno task dvc remote add -d NAME URL`") +
        " and run again, or take them from DVC's cache with `deno task dvc checkout`, or bring the " +
        "files with `deno task data --from PATH`, or choose synthetic " +
        "data with `deno task data --synthetic`.",
    );
  }
  if (remote) console.log(`Not pulled: ${problem}.`);
  await placeSynthetic(
    files,
    false,
    "Bring all three with `deno task data --from PATH`, or replace them with " +
      "`deno task data --synthetic --force`.",
  );
}

/**
 * Takes the raw tables from a folder or from Kaggle's zip, and gives them to DVC.
 *
 * @param force Whether to replace files that differ.
 * @throws {UserError} where a table or a needed column is missing, a zip is damaged, or files differ
 *   and `force` is false. Then all is as it was.
 */
export async function importData(path: string, force: boolean): Promise<void> {
  await place(await readRawFiles(path), force, `Add --force to replace them by those of ${path}.`);
  const pointers = PATHS.map((path) => `${path}.dvc`).join(" ");
  console.log(
    `${list(PATHS)} are those of ${path}, and DVC knows them. Next: \`deno task repro\`. ` +
      `To keep in Git which data these are: \`git add ${pointers}\`, then commit.`,
  );
}

async function placeSynthetic(files: RawFiles, force: boolean, remedy: string): Promise<void> {
  await place(files, force, remedy);
  console.log(
    `${list(PATHS)} hold SYNTHETIC data: an invented retail history from a seeded generator; no ` +
      "real shop is behind it. To bring real data: `deno task data --from PATH --force` (a folder " +
      "with the three CSVs, or the zip of Kaggle's Walmart competition).",
  );
}

/**
 * Puts all of `files` into data/ or none, and gives them to DVC where its `.dvc` files stand for
 * others.
 *
 * @param remedy What to do where files differ and `force` is false, as a sentence.
 */
async function place(files: RawFiles, force: boolean, remedy: string): Promise<void> {
  const hashes = new Map(RAW_FILES.map((file) => [file, md5(files.get(file)!)]));
  const due: string[] = [];
  const different: string[] = [];
  let tracked = true;
  for (const [file, hash] of hashes) {
    const path = pathOf(file);
    if (!(await exists(path))) due.push(file);
    else if (md5(await readFile(path, "Run again.")) !== hash) different.push(file);
    if (await trackedHash(path) !== hash) tracked = false;
  }
  if (different.length > 0 && !force) {
    throw new UserError(
      `${list(different.map(pathOf))}: already there, with other data. ${remedy}`,
    );
  }
  if (!tracked) await requireSetUp();
  await replaceAll([...due, ...different], files);
  if (tracked) return;
  const problem = await runDvc(["add", "--quiet", ...PATHS]);
  if (problem !== undefined) {
    throw new UserError(
      `The files are in data/, but DVC did not take them (${problem}). Mend that and run ` +
        `\`deno task dvc add ${PATHS.join(" ")}\`.`,
    );
  }
}

/** Writes every temporary file before the first rename: what can fail has failed by then. */
async function replaceAll(names: string[], files: RawFiles): Promise<void> {
  const [name, ...rest] = names;
  if (name === undefined) return;
  await replaceFile(pathOf(name), async (temporary) => {
    await Deno.writeFile(temporary, files.get(name)!);
    await replaceAll(rest, files);
  });
}

async function missingPaths(): Promise<string[]> {
  const there = await Promise.all(PATHS.map(exists));
  return PATHS.filter((_, index) => !there[index]);
}

/** @returns Why it did not work, or `undefined` where it did. */
async function pull(paths: string[], remote: string): Promise<string | undefined> {
  await requireSetUp();
  console.log(`Pulling ${list(paths)} from the DVC remote ${remote} ...`);
  const problem = await runDvc(["pull", ...paths.map((path) => `${path}.dvc`)]);
  return problem === undefined
    ? undefined
    : `they could not be pulled from the DVC remote ${remote} (${problem})`;
}

/** @returns What DVC says of its failure, or `undefined` where it did not fail. */
async function runDvc(args: string[]): Promise<string | undefined> {
  const { success, stdout, stderr } = await new Deno.Command(venvTool("dvc"), { args }).output();
  if (success) return undefined;
  const decoder = new TextDecoder();
  const text = decoder.decode(stderr) + decoder.decode(stdout);
  // DVC says the same for a remote that it did not reach.
  if (text.includes("neither locally nor on remote")) {
    return "the remote does not hold them, or was not reached";
  }
  return firstError(text).replace(/^ERROR: /, "").replace(/[.:]$/, "");
}

function syntheticFiles(): RawFiles {
  const { trainCsv, featuresCsv, storesCsv } = syntheticHistory(DEFAULT_SEED);
  const encoder = new TextEncoder();
  return new Map([
    ["train.csv", encoder.encode(trainCsv)],
    ["features.csv", encoder.encode(featuresCsv)],
    ["stores.csv", encoder.encode(storesCsv)],
  ]);
}

/** The hash that DVC names files by. */
function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

function list(names: string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : `${names[0]}`;
}

if (import.meta.main) {
  await runCommand(COMMAND, async ({ values: { from, synthetic, force } }) => {
    if (from !== undefined && synthetic) {
      throw new UserError("--from and --synthetic exclude each other. Give one of them.");
    }
    if (force && from === undefined && !synthetic) {
      throw new UserError("--force goes with --from PATH or --synthetic. Add one of them.");
    }
    if (from !== undefined) await importData(from, force);
    else if (synthetic) {
      await placeSynthetic(syntheticFiles(), force, "Add --force to replace them.");
    } else await provideData();
  });
}

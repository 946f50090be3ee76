import { runCommand } from "../lib/cli.ts";
import { placeRaw } from "../lib/dataset/place_raw.ts";
import { RAW_FILES, RAW_PATHS, type RawFiles, rawPath } from "../lib/dataset/raw_files.ts";
import { readRawFiles } from "../lib/dataset/read_raw_files.ts";
import { DEFAULT_SEED, syntheticHistory } from "../lib/dataset/synthetic/synthetic_history.ts";
import { defaultRemote, md5, trackedHash } from "../lib/dvc.ts";
import { UserError } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { requireSetUp } from "../lib/tools.ts";
import { tryDvc } from "../lib/try_dvc.ts";
import { joinWords } from "../lib/words.ts";
import { dvcProgram } from "./remotes/dvc_program.ts";

const ALL = joinWords(RAW_PATHS);

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

/**
 * Makes the raw tables be there, pulled from the DVC remote or synthetic. Files that are there stay
 * as they are.
 *
 * @throws {UserError} where the `.dvc` files stand for other data than the synthetic and these
 *   cannot be pulled, or part of other data is there.
 */
async function provideData(): Promise<void> {
  const missing = await missingPaths();
  if (missing.length === 0) {
    console.log(`${ALL} are there: nothing to do.`);
    return;
  }
  const remote = await defaultRemote();
  const problem = remote === undefined ? "no DVC remote is set" : await pull(missing, remote);
  if (problem === undefined) {
    console.log(`Pulled ${joinWords(missing)} from the DVC remote ${remote}.`);
    return;
  }
  const files = syntheticFiles();
  // Equal hashes are equal data: then the generator gives just what the remote would have given.
  for (const file of RAW_FILES) {
    const tracked = await trackedHash(rawPath(file));
    if (tracked === undefined || tracked === md5(files.get(file)!)) continue;
    throw new UserError(
      `${joinWords(missing)}: missing, and ${problem}. ${rawPath(file)}.dvc stands for data of ` +
        "your own, so synthetic data do not take their place. " +
        (remote ? "Mend the remote" : "Set a remote with `deno task remote --url URL --default`") +
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
async function importData(path: string, force: boolean): Promise<void> {
  await placeRaw(
    await readRawFiles(path),
    force,
    `Add --force to replace them by those of ${path}.`,
  );
  const pointers = RAW_PATHS.map((path) => `${path}.dvc`).join(" ");
  console.log(
    `${ALL} are those of ${path}, and DVC knows them. Next: \`deno task repro\`. ` +
      `To keep in Git which data these are: \`git add ${pointers}\`, then commit.`,
  );
}

async function placeSynthetic(files: RawFiles, force: boolean, remedy: string): Promise<void> {
  await placeRaw(files, force, remedy);
  console.log(
    `${ALL} hold SYNTHETIC data: an invented retail history from a seeded generator; no ` +
      "real shop is behind it. To bring real data: `deno task data --from PATH --force` (a folder " +
      "with the three CSVs, or the zip of Kaggle's Walmart competition).",
  );
}

async function missingPaths(): Promise<string[]> {
  const there = await Promise.all(RAW_PATHS.map(exists));
  return RAW_PATHS.filter((_, index) => !there[index]);
}

/** @returns Why it did not work, or `undefined` where it did. */
async function pull(paths: string[], remote: string): Promise<string | undefined> {
  await requireSetUp();
  const args = ["pull", ...paths.map((path) => `${path}.dvc`)];
  const { path: program, lacksPluginOf } = await dvcProgram(args);
  if (lacksPluginOf !== undefined) {
    return `DVC's plugin for the remote ${lacksPluginOf} is not installed (\`deno task remote ` +
      `--name ${lacksPluginOf}\` installs it)`;
  }
  console.log(`Pulling ${joinWords(paths)} from the DVC remote ${remote} ...`);
  const problem = await tryDvc(args, program);
  return problem === undefined
    ? undefined
    : `they could not be pulled from the DVC remote ${remote} (${problem})`;
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

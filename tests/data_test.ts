import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { zipSync } from "fflate";
import { DEFAULT_SEED, syntheticHistory } from "../lib/dataset/synthetic/synthetic_history.ts";
import { copyProject, must, type Project, type Result } from "./project.ts";
import { type RawHistory, smallHistory } from "./small_history.ts";

const NAMES = ["train.csv", "features.csv", "stores.csv"] as const;
const PATHS = NAMES.map((name) => `data/${name}`);
const OWN = smallHistory();
const OTHER: RawHistory = { ...OWN, "stores.csv": "Store,Type,Size\n1,A,1\n2,B,2\n3,C,3\n" };
const DEFAULT = defaultFiles();

Deno.test("deno task data", async (t) => {
  await using project = await copyProject();
  const ownPointers = await readPointers(project);
  const defaultPointers = pointersOf(DEFAULT);

  await t.step("does nothing where all files are there", async () => {
    const { stdout } = await must(project.task("data"));
    assert.match(stdout, /^data\/train\.csv, .* are there: nothing to do\.\n$/);
    assert.deepEqual(await readData(project), OWN);
  });

  await t.step("does not put synthetic data where .dvc files stand for others", async () => {
    await removeData(project);
    expectError(await project.task("data"), [
      "data/train.csv, data/features.csv and data/stores.csv: missing, and no DVC remote is set.",
      "data/train.csv.dvc stands for data of your own",
      "`deno task data --from PATH`",
    ]);
    assert.deepEqual(await readData(project), {});
  });

  await t.step("puts synthetic data in their place with --synthetic, and tells DVC", async () => {
    const { stdout } = await must(project.task("data", "--synthetic"));
    assert.match(stdout, /SYNTHETIC data/);
    assert.deepEqual(await readData(project), DEFAULT);
    assert.deepEqual(await readPointers(project), defaultPointers);
  });

  await t.step("makes the synthetic data where .dvc files stand for them", async () => {
    await Deno.remove(project.path("data/features.csv"));
    const { stdout } = await must(project.task("data"));
    assert.match(stdout, /SYNTHETIC data/);
    assert.deepEqual(await readData(project), DEFAULT);
    assert.deepEqual(await readPointers(project), defaultPointers);
  });

  const folder = project.path("own");
  await Deno.mkdir(folder);
  await writeFiles(folder, OWN);

  await t.step("--from does not replace files that differ without --force", async () => {
    expectError(await project.task("data", "--from", "own"), [
      "data/train.csv, data/features.csv and data/stores.csv: already there, with other data.",
      "Add --force to replace them by those of own.",
    ]);
    assert.deepEqual(await readData(project), DEFAULT);
    assert.deepEqual(await readPointers(project), defaultPointers);
  });

  await t.step("--from replaces none where one lacks a column", async () => {
    await Deno.writeTextFile(join(folder, "stores.csv"), "Store,Size\n1,5\n");
    expectError(await project.task("data", "--from", "own", "--force"), [
      "own/stores.csv, line 1: expected the column Type",
    ]);
    assert.deepEqual(await readData(project), DEFAULT);
    await writeFiles(folder, OWN);
  });

  await t.step("--from replaces none where a row breaks the contract", async () => {
    await Deno.writeTextFile(
      join(folder, "train.csv"),
      OWN["train.csv"].replace("2010-02-12", "2010-02-30"),
    );
    expectError(await project.task("data", "--from", "own", "--force"), [
      'own/train.csv, line 8, column Date: expected a date as YYYY-MM-DD, but found "2010-02-30"',
    ]);
    assert.deepEqual(await readData(project), DEFAULT);
    await writeFiles(folder, OWN);
  });

  await t.step("--from changes nothing while another one is at work", async () => {
    {
      using lock = await Deno.open(project.path(".dvc/tmp/data.lock"), { write: true });
      await lock.lock(true);
      expectError(await project.task("data", "--from", "own", "--force"), [
        "Another `deno task data` is at work in this folder.",
      ]);
    }
    assert.deepEqual(await readData(project), DEFAULT);
  });

  await t.step("--from takes a folder, and tells DVC", async () => {
    const { stdout } = await must(project.task("data", "--from", "own", "--force"));
    assert.match(stdout, /Next: `deno task repro`/);
    assert.deepEqual(await readData(project), OWN);
    assert.deepEqual(await readPointers(project), ownPointers);
    const status = await must(project.task("dvc", "status", ...PATHS.map((path) => `${path}.dvc`)));
    assert.match(status.stdout, /up to date/);
  });

  await t.step("--from needs no --force where the files are the same", async () => {
    await must(project.task("data", "--from", "own"));
    await Deno.remove(project.path("data/train.csv"));
    await must(project.task("data", "--from", "own"));
    assert.deepEqual(await readData(project), OWN);
  });

  await t.step("--from takes Kaggle's zip, and nothing else out of it", async () => {
    const encoder = new TextEncoder();
    const members = Object.entries({ ...OTHER, "test.csv": "x\n" }).map(([name, text]) =>
      [`${name}.zip`, zipSync({ [name]: encoder.encode(text) })] as const
    );
    await Deno.writeFile(project.path("kaggle.zip"), zipSync(Object.fromEntries(members)));
    await must(project.task("data", "--from", "kaggle.zip", "--force"));
    assert.deepEqual(await readData(project), OTHER);
    assert.deepEqual(await readPointers(project), pointersOf(OTHER));
    const names = [...Deno.readDirSync(project.path("data"))].map(({ name }) => name);
    assert.deepEqual(names.filter((name) => /^test|\.tmp$/.test(name)), []);
  });

  await t.step("pulls from the DVC remote what is missing", async () => {
    await Deno.mkdir(project.path("remote"));
    await must(project.task("dvc", "remote", "add", "-q", "-d", "storage", project.path("remote")));
    await must(project.task("dvc", "push", "-q", ...PATHS.map((path) => `${path}.dvc`)));
    await Deno.remove(project.path(".dvc/cache"), { recursive: true });
    await Deno.remove(project.path("data/train.csv"));
    const { stdout } = await must(project.task("data"));
    assert.match(stdout, /Pulled data\/train\.csv from the DVC remote storage\./);
    assert.deepEqual(await readData(project), OTHER);
  });

  await t.step("says why a pull failed, and does not make synthetic data instead", async () => {
    await Deno.remove(project.path("remote"), { recursive: true });
    await Deno.remove(project.path(".dvc/cache"), { recursive: true });
    await removeData(project);
    expectError(await project.task("data"), [
      "could not be pulled from the DVC remote storage (the remote does not hold them, or was not",
      "data/train.csv.dvc stands for data of your own",
      "Mend the remote and run again",
    ]);
    assert.deepEqual(await readData(project), {});
  });

  await t.step("makes the synthetic data where these were to be pulled and could not", async () => {
    for (const [name, text] of Object.entries(defaultPointers)) {
      await project.write(`data/${name}.dvc`, text);
    }
    const { stdout } = await must(project.task("data"));
    assert.match(stdout, /Not pulled: they could not be pulled .* remote storage/);
    assert.match(stdout, /SYNTHETIC data/);
    assert.deepEqual(await readData(project), DEFAULT);
  });

  await t.step("asks for set-up before it changes anything, where DVC is needed", async () => {
    await Deno.remove(project.path(".venv"));
    expectError(await project.task("data", "--from", "own", "--force"), ["`deno task setup`"]);
    assert.deepEqual(await readData(project), DEFAULT);
  });

  await t.step("needs no set-up for the synthetic data", async () => {
    await Deno.remove(project.path(".dvc/config"));
    await removeData(project);
    await must(project.task("data"));
    assert.deepEqual(await readData(project), DEFAULT);
  });

  await t.step("refuses options that do not go together", async () => {
    expectError(await project.task("data", "--from", "own", "--synthetic"), ["exclude each other"]);
    expectError(await project.task("data", "--force"), ["--force goes with --from"]);
  });
});

/** One line on stderr that holds all of these texts, and exit code 1. */
function expectError({ code, stderr }: Result, texts: string[]): void {
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^error: .*\n$/);
  for (const text of texts) assert(stderr.includes(text), stderr);
}

function defaultFiles(): RawHistory {
  const { trainCsv, featuresCsv, storesCsv } = syntheticHistory(DEFAULT_SEED);
  return { "train.csv": trainCsv, "features.csv": featuresCsv, "stores.csv": storesCsv };
}

/** What DVC writes into the `.dvc` files of these raw tables, by table. */
function pointersOf(files: RawHistory): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => {
    const md5 = createHash("md5").update(files[name]).digest("hex");
    const text = `outs:\n- md5: ${md5}\n  size: ${files[name].length}\n  hash: md5\n`;
    return [name, `${text}  path: ${name}\n`];
  }));
}

async function readPointers(project: Project): Promise<Record<string, string>> {
  const pointers: Record<string, string> = {};
  for (const name of NAMES) pointers[name] = await project.read(`data/${name}.dvc`);
  return pointers;
}

/** The raw tables that are there. */
async function readData(project: Project): Promise<Partial<RawHistory>> {
  const files: Partial<RawHistory> = {};
  for (const name of NAMES) {
    const text = await project.read(`data/${name}`).catch(() => undefined);
    if (text !== undefined) files[name] = text;
  }
  return files;
}

async function removeData(project: Project): Promise<void> {
  for (const path of PATHS) await Deno.remove(project.path(path)).catch(() => {});
}

async function writeFiles(folder: string, files: RawHistory): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, name), text);
  }
}

import assert from "node:assert/strict";
import { CANDIDATES } from "../candidates.ts";
import { UserError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import type { TrainingFacts } from "../model/model.ts";
import { inFolder } from "../testing.ts";
import { readModels } from "./read_models.ts";
import { smallModel } from "./testing.ts";

const DATA = "PAR1 training rows";
const HELD_BACK = "rows held back";

async function factsOf(fitted_on: TrainingFacts["fitted_on"]): Promise<Partial<TrainingFacts>> {
  return { data: { train: await sha256(DATA), validation: await sha256(HELD_BACK) }, fitted_on };
}

async function writeModels(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/data/processed`, { recursive: true });
  await Deno.mkdir(`${folder}/models/validation`, { recursive: true });
  await Deno.writeTextFile(`${folder}/data/processed/train.parquet`, DATA);
  await Deno.writeTextFile(`${folder}/data/processed/val.parquet`, HELD_BACK);
  for (const name of CANDIDATES) {
    const path = `${folder}/models/validation/${name}.json`;
    await Deno.writeTextFile(path, await smallModel(name, await factsOf("train")));
  }
}

Deno.test("readModels() reads the candidates in their order, and no other file", () =>
  inFolder(async (folder) => {
    await writeModels(folder);
    // What is served has learned from the validation rows, too.
    await Deno.writeTextFile(
      `${folder}/models/rf.json`,
      await smallModel("rf", await factsOf("all")),
    );
    await Deno.writeTextFile(`${folder}/models/validation/another.json`, "{}");
    const models = await readModels(folder);
    assert.deepEqual(models.map(({ name }) => name), ["seasonal", "rf", "gbr", "blend"]);
    for (const { training } of models) assert.equal(training.fitted_on, "train");
  }));

Deno.test("readModels() refuses a model that is missing, damaged, another or of other rows", () =>
  inFolder(async (folder) => {
    await writeModels(folder);
    const path = `${folder}/models/validation/rf.json`;
    const text = await Deno.readTextFile(path);
    const refuses = (message: RegExp) =>
      assert.rejects(readModels(folder), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        return true;
      });

    await Deno.remove(path);
    await refuses(/models\/validation\/rf\.json is missing\. Run `deno task repro`/);
    await Deno.writeTextFile(path, text.replace('"rmse": 12.5', '"rmse": 2.5'));
    await refuses(/models\/validation\/rf\.json is damaged: .*checksum/);
    await Deno.copyFile(`${folder}/models/validation/gbr.json`, path);
    await refuses(/models\/validation\/rf\.json holds the model "gbr", .*"rf"\. Run `deno task/);
    await Deno.writeTextFile(path, await smallModel("rf", await factsOf("all")));
    await refuses(/validation\/rf\.json was trained or validated on other rows/);
    await Deno.writeTextFile(path, text);
    await readModels(folder);

    for (const [file, content] of [["train.parquet", DATA], ["val.parquet", HELD_BACK]] as const) {
      const path = `${folder}/data/processed/${file}`;
      await Deno.writeTextFile(path, content + "!");
      await refuses(
        /seasonal\.json was trained or validated on other rows .*Run `deno task repro`/,
      );
      await Deno.remove(path);
      await refuses(/(train|val)\.parquet is missing/);
      await Deno.writeTextFile(path, content);
    }
  }));

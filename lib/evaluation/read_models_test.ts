import assert from "node:assert/strict";
import { candidates } from "../candidates.ts";
import { UserError } from "../errors.ts";
import { type FeatureColumns, FEATURES } from "../features/table.ts";
import { sha256 } from "../hash.ts";
import { readParams } from "../params.ts";
import { inFolder } from "../testing.ts";
import { readModels } from "./read_models.ts";
import { smallModel } from "./testing.ts";

const params = await readParams();
const DATA = "PAR1 training rows";
const HELD_BACK = "rows held back";

/** One row, from which a model learns one number. */
const rows = {
  sales: Float64Array.of(250),
  features: Object.fromEntries(
    FEATURES.map(({ name }) => [name, Float64Array.of(1)]),
  ) as FeatureColumns,
};

async function writeModels(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/data/processed`, { recursive: true });
  await Deno.mkdir(`${folder}/models`);
  await Deno.writeTextFile(`${folder}/data/processed/train.parquet`, DATA);
  await Deno.writeTextFile(`${folder}/data/processed/val.parquet`, HELD_BACK);
  const data = { train: await sha256(DATA), validation: await sha256(HELD_BACK) };
  for (const [name, learner] of Object.entries(candidates(params))) {
    const text = await smallModel(name, learner, rows, { data });
    await Deno.writeTextFile(`${folder}/models/${name}.json`, text);
  }
}

Deno.test("readModels() reads the candidates in their order, and no other file", () =>
  inFolder(async (folder) => {
    await writeModels(folder);
    await Deno.copyFile(`${folder}/models/gbr.json`, `${folder}/models/model.json`);
    await Deno.writeTextFile(`${folder}/models/another.json`, "{}");
    const models = await readModels(folder, params);
    assert.deepEqual(models.map(({ name }) => name), Object.keys(candidates(params)));
  }));

Deno.test("readModels() refuses a model that is missing, damaged, another or of other rows", () =>
  inFolder(async (folder) => {
    await writeModels(folder);
    const path = `${folder}/models/rf.json`;
    const text = await Deno.readTextFile(path);
    const refuses = (message: RegExp) =>
      assert.rejects(readModels(folder, params), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        return true;
      });

    await Deno.remove(path);
    await refuses(/models\/rf\.json is missing\. Run `deno task repro`/);
    await Deno.writeTextFile(path, text.replace('"rmse": 12.5', '"rmse": 2.5'));
    await refuses(/models\/rf\.json is damaged: .*checksum/);
    await Deno.copyFile(`${folder}/models/gbr.json`, path);
    await refuses(/models\/rf\.json holds the model "gbr", .*"rf"\. Run `deno task repro`/);
    await Deno.writeTextFile(path, text);
    await readModels(folder, params);

    for (const [file, content] of [["train.parquet", DATA], ["val.parquet", HELD_BACK]] as const) {
      const path = `${folder}/data/processed/${file}`;
      await Deno.writeTextFile(path, content + "!");
      await refuses(/rf\.json was trained or validated on other rows .*Run `deno task repro`/);
      await Deno.remove(path);
      await refuses(/(train|val)\.parquet is missing/);
      await Deno.writeTextFile(path, content);
    }
  }));

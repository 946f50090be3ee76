import { join } from "node:path";
import { CANDIDATES } from "../candidates.ts";
import { UserError } from "../errors.ts";
import { readFile } from "../files.ts";
import { sha256 } from "../hash.ts";
import { readModel } from "../model/file.ts";
import type { Model } from "../model/model.ts";

/**
 * Reads `models/validation/NAME.json` of each candidate, in the order of {@linkcode CANDIDATES}. Each
 * is whole, has the name of its file, learned from data/processed/train.parquet and from nothing else,
 * and was validated on val.parquet.
 *
 * @param base The project's folder.
 * @throws {UserError} naming the model that is missing, damaged, another or of other rows.
 */
export async function readModels(base: string): Promise<Model[]> {
  const processed = join(base, "data/processed");
  const hash = async (name: string) =>
    await sha256(await readFile(join(processed, name), "Run `deno task repro` to make it."));
  const data = { train: await hash("train.parquet"), validation: await hash("val.parquet") };
  const models: Model[] = [];
  for (const name of CANDIDATES) {
    const path = join(base, `models/validation/${name}.json`);
    const model = await readModel(path);
    if (model.name !== name) {
      throw new UserError(
        `${path} holds the model "${model.name}", but its file is named for "${name}". ` +
          "Run `deno task repro` to train it anew.",
      );
    }
    // On another split it may have seen the validation rows, and would look better than it is.
    const { data: { train, validation }, fitted_on } = model.training;
    if (fitted_on !== "train" || train !== data.train || validation !== data.validation) {
      throw new UserError(
        `${path} was trained or validated on other rows than those in ${processed}. ` +
          "Run `deno task repro` to train it anew.",
      );
    }
    models.push(model);
  }
  return models;
}

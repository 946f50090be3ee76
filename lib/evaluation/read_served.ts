import { join } from "node:path";
import { UserError } from "../errors.ts";
import { readModel } from "../model/file.ts";
import type { StoredModel } from "../model/json.ts";
import type { Model, TrainingFacts } from "../model/model.ts";

/**
 * Reads the models to serve, `models/NAME.json`: twins of those validated, which were fitted on all
 * weeks.
 *
 * @param base The project's folder.
 * @param validated See `readModels()`.
 * @returns In the same order.
 * @throws {UserError} naming the file that is missing, damaged, or not trained together with its twin.
 */
export async function readServedModels(
  base: string,
  validated: readonly Model[],
): Promise<StoredModel[]> {
  const inCommon = ({ data, split, parameters, metrics }: TrainingFacts) =>
    JSON.stringify([data, split, parameters, metrics]);
  const models: StoredModel[] = [];
  for (const { name, training } of validated) {
    const path = join(base, `models/${name}.json`);
    const served = await readModel(path);
    const isTwin = served.name === name && served.training.fitted_on === "all" &&
      inCommon(served.training) === inCommon(training);
    if (!isTwin) {
      throw new UserError(
        `${path} was not trained together with models/validation/${name}.json. ` +
          "Run `deno task repro`.",
      );
    }
    models.push(served);
  }
  return models;
}

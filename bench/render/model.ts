import type { ModelFigures, SizedModel } from "../results.ts";
import { digits, spreadText, table, verdict, whole } from "./table.ts";

/** Most RMSE of the default forest, as a multiple of the unlimited forest's. */
const RMSE_TARGET = 1.01;

/** Paragraphs for the suite `model`. */
export function renderModel({ table: size, defaults, unlimited, curve }: ModelFigures): string[] {
  const relative = (model: SizedModel) => model.validation_rmse / unlimited.validation_rmse;
  return [
    `Trained as the pipeline does on the ${whole(size.train_rows)} rows before the split of ` +
    `params.yaml, measured on the ${whole(size.test_rows)} behind it. A file holds the trees and ` +
    "the sales history that the model looks at. _RMSE_ is relative to that of a forest whose " +
    `leaves have no limits (${whole(unlimited.validation_rmse)}, with ` +
    `${digits(unlimited.file_mb)} MB). _Load_: from opening the file to the first forecast, in a ` +
    "process that has just begun. MB are 10^6 bytes.",
    table(
      ["model", "trees:", "leaves:", "MB:", "target", "load ms:", "target", "RMSE:", "target"],
      defaults.map((model) => [
        model.learner,
        whole(model.trees),
        whole(model.leaves),
        digits(model.file_mb),
        verdict(model.file_mb, model.targets.file_mb),
        spreadText(model.load_ms),
        model.targets.load_ms ? verdict(model.load_ms.median, model.targets.load_ms) : "",
        relative(model).toFixed(4),
        verdict(relative(model), RMSE_TARGET),
      ]),
    ),
    "What size buys: the models of params.yaml with one or two parameters changed.",
    table(
      ["model", "changed", "leaves:", "MB:", "RMSE:"],
      curve.map((model) => [
        model.learner,
        model.change,
        whole(model.leaves),
        digits(model.file_mb),
        relative(model).toFixed(4),
      ]),
    ),
  ];
}

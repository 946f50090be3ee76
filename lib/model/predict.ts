import type { FeatureColumns } from "../features/table.ts";
import { predictEnsemble } from "../trees/mod.ts";
import { ensembleColumns } from "./columns.ts";
import type { Model } from "./model.ts";

/**
 * Forecasts of Weekly_Sales in USD, one a row.
 *
 * @param columns Encoded features, all of one length; see {@linkcode encodeValue}.
 *
 * @example
 * ```ts
 * import { readModel } from "./file.ts";
 * import { predict } from "./predict.ts";
 * import { readSalesTable } from "../dataset/parquet.ts";
 * const model = await readModel("models/model.json");
 * const { features } = await readSalesTable("data/processed/val.parquet");
 * console.log(predict(model, features).slice(0, 5));
 * ```
 */
export function predict(
  model: Pick<Model, "features" | "ensemble">,
  columns: FeatureColumns,
): Float64Array {
  return predictEnsemble(model.ensemble, ensembleColumns(model.features, columns));
}

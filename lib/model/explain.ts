import type { AnyFeatureName, FeatureColumns } from "../features/table.ts";
import { treeShap } from "../trees/mod.ts";
import { columnsOf } from "./columns.ts";
import { deriveRecords } from "./derive_records.ts";
import type { Forecaster } from "./predict.ts";

/** What one thing adds to a record's forecast. */
export interface Term {
  /**
   * `sales history`: the seasonal forecast; `base`: what the trees correct it by on average over the
   * rows that they learned from; else a feature: how far its value moves the correction from there.
   */
  name: "sales history" | "base" | AnyFeatureName;
  /** Of a feature: the encoded value that the trees saw, NaN where missing. */
  value?: number;
  /** In USD. */
  amount: number;
}

/**
 * Takes forecasts apart: terms that sum to what {@linkcode forecast} gives for the record. The
 * features' are exact Shapley values, see {@linkcode treeShap}; where a model has no trees, the sales
 * history is the only term. A record's terms do not depend on the other records.
 *
 * @param columns Encoded features, all of one length, as {@linkcode forecast} takes them.
 * @returns Terms of each record: the sales history, the base, then the model's features in their order.
 * @throws {RangeError} where a year has no such week.
 *
 * @example
 * ```ts
 * import { explain } from "./explain.ts";
 * import { readModel } from "./file.ts";
 * import { readSalesTable } from "../dataset/parquet.ts";
 * const model = await readModel("models/model.json");
 * const { features } = await readSalesTable("data/processed/val.parquet");
 * const terms = explain(model, features)[0]!;
 * for (const { name, amount } of terms) console.log(name, Math.round(amount));
 * ```
 */
export function explain(model: Forecaster, columns: FeatureColumns): Term[][] {
  const { features, ensemble } = model;
  const derived = deriveRecords(model, columns);
  const { seasonal, size } = derived;
  const history = Array.from(seasonal, (amount): Term => ({ name: "sales history", amount }));
  if (features.length === 0) return history.map((term) => [term]);
  const values = columnsOf(features, columns, derived.columns);
  const { expected, contributions } = treeShap(ensemble, values);
  return history.map((term, row) => [
    term,
    { name: "base", amount: size[row]! * expected },
    ...features.map((name, i): Term => ({
      name,
      value: values[i]![row]!,
      amount: size[row]! * contributions[i]![row]!,
    })),
  ]);
}

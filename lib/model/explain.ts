import type { AnyFeatureName, FeatureColumns } from "../features/table.ts";
import { type TreeShap, treeShap } from "../trees/tree_shap.ts";
import { columnsOf } from "./columns.ts";
import { deriveRecords } from "./derive_records.ts";
import type { Forecaster } from "./predict.ts";

/** What one thing adds to a record's forecast. */
export interface Term {
  /**
   * `Sales history`: the seasonal forecast; `Base`: what the trees correct it by on average over the
   * rows that they learned from; else a feature: how far its value moves the correction from there.
   */
  name: "Sales history" | "Base" | AnyFeatureName;
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
  const { values, terms } = prepareExplanation(model, columns);
  return terms(model.features.length > 0 ? treeShap(model.ensemble, values) : undefined);
}

/** An explanation that lacks what trees say. */
export interface PreparedExplanation {
  /** What the trees see, for {@linkcode treeShap}; none where the model has no features. */
  values: Float64Array[];
  /** The explanation; without trees' contributions that of a model without features. */
  terms: (shap: TreeShap | undefined) => Term[][];
}

/**
 * {@linkcode explain} in two steps, for whoever lets another thread take the trees apart.
 *
 * @throws {RangeError} where a year has no such week.
 */
export function prepareExplanation(
  model: Forecaster,
  columns: FeatureColumns,
): PreparedExplanation {
  const { features } = model;
  const derived = deriveRecords(model, columns);
  const { seasonal, size } = derived;
  const values = columnsOf(features, columns, derived.columns);
  return {
    values,
    terms: (shap) =>
      Array.from(seasonal, (amount, row): Term[] => [
        { name: "Sales history", amount },
        ...shap ? [{ name: "Base" as const, amount: size[row]! * shap.expected }] : [],
        ...shap
          ? features.map((name, i): Term => ({
            name,
            value: values[i]![row]!,
            amount: size[row]! * shap.contributions[i]![row]!,
          }))
          : [],
      ]),
  };
}

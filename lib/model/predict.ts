import type { FeatureColumns } from "../features/table.ts";
import { type Derived, makeDerived } from "../history/derive.ts";
import { halfWidth, type Level } from "../intervals/conformal.ts";
import { predictEnsemble } from "../trees/predict.ts";
import { columnsOf } from "./columns.ts";
import { deriveRecords } from "./derive_records.ts";
import type { Model } from "./model.ts";

/** Forecasts, one a row, and what they rest on. */
export interface Forecasts extends Pick<Derived, "basis" | "size" | "scale"> {
  /** Weekly_Sales, in USD. */
  predictions: Float64Array;
  /** Weeks from the model's origin to the row's week; 0 and below: a week that it knows. */
  horizons: Float64Array;
}

/** What forecasting takes of a model. */
export type Forecaster = Pick<Model, "features" | "ensemble" | "outlook">;

/** Memory for the forecasts of some columns, which may be filled anew and forecast again. */
export interface Workspace {
  derived: Derived;
  /** What the trees see: some of the columns, and some of what is derived. */
  values: Float64Array[];
  predictions: Float64Array;
}

/**
 * Memory for {@linkcode forecast}: for a single row, taking it anew takes longer than forecasting.
 *
 * @param columns Those that will be forecast.
 */
export function makeWorkspace({ features }: Forecaster, columns: FeatureColumns): Workspace {
  const rows = columns.Store.length;
  const derived = makeDerived(rows);
  return {
    derived,
    values: columnsOf(features, columns, derived.columns),
    predictions: new Float64Array(rows),
  };
}

/**
 * Forecasts of Weekly_Sales with what they rest on. A row's result does not depend on the others.
 *
 * @param columns Encoded features, all of one length; see {@linkcode encodeValue}. Year, Month and
 *   Week tell the week; of the others only those are read that the model has learned from.
 * @param workspace Of the same model and columns. The result lies in it until the next call.
 * @throws {RangeError} where a year has no such week.
 *
 * @example
 * ```ts
 * import { readModel } from "./file.ts";
 * import { forecast } from "./predict.ts";
 * import { readSalesTable } from "../dataset/parquet.ts";
 * const model = await readModel("models/model.json");
 * const { features } = await readSalesTable("data/processed/val.parquet");
 * console.log(forecast(model, features).predictions.slice(0, 5));
 * ```
 */
export function forecast(
  model: Forecaster,
  columns: FeatureColumns,
  workspace = makeWorkspace(model, columns),
): Forecasts {
  const { derived, values, predictions } = workspace;
  const { seasonal, size, scale, basis } = deriveRecords(model, columns, derived);
  if (values.length === 0) predictions.set(seasonal);
  else {
    predictEnsemble(model.ensemble, values, predictions);
    for (let row = 0; row < predictions.length; row++) {
      predictions[row] = seasonal[row]! + size[row]! * predictions[row]!;
    }
  }
  return { predictions, basis, size, scale, horizons: derived.columns.Horizon };
}

/** Forecasts of Weekly_Sales in USD, one a row; see {@linkcode forecast}. */
export function predict(model: Forecaster, columns: FeatureColumns): Float64Array {
  return forecast(model, columns).predictions;
}

/**
 * Prediction intervals round forecasts: as far as the future is like the weeks on which they were
 * calibrated, the share `level` of sales lies within.
 *
 * @returns In USD, one a row.
 */
export function intervals(
  { intervals }: Pick<Model, "intervals">,
  { predictions, horizons, scale }: Forecasts,
  level: Level,
): { lower: Float64Array; upper: Float64Array } {
  const half = predictions.map((_, row) =>
    halfWidth(intervals, level, horizons[row]!, scale[row]!)
  );
  return {
    lower: predictions.map((value, row) => value - half[row]!),
    upper: predictions.map((value, row) => value + half[row]!),
  };
}

import type { SalesTable } from "../dataset/sales_table.ts";
import { derive } from "../history/derive.ts";
import { columnsOf } from "../model/columns.ts";
import type { Forecaster } from "../model/predict.ts";
import { stagedPredict } from "../trees/mod.ts";
import { mae, type Metrics, rmse, wmae } from "./metrics.ts";

/** The measures that a learning curve follows, in USD a week. */
export const CURVE_METRICS = ["rmse", "mae", "wmae"] as const;

/** How far forecasts are off that take only a model's first trees. */
export interface CurvePoint extends Pick<Metrics, typeof CURVE_METRICS[number]> {
  /** How many trees, from 1. */
  trees: number;
}

/**
 * How far forecasts of a table are off by a model's first tree, its first two, and so on to all of
 * them, with which they are {@linkcode predict}'s. Of a forest: by the mean of its first trees.
 *
 * @param model Any; without features it has no trees, and no curve.
 * @param table One row at least; on rows that the model did not learn from, the curve is a validation
 *   curve.
 * @returns One point a tree, not rounded.
 * @throws {RangeError} where the table has no rows.
 *
 * @example
 * ```ts
 * import { readSalesTable } from "../dataset/parquet.ts";
 * import { readModel } from "../model/file.ts";
 * import { learningCurve } from "./learning_curve.ts";
 * const model = await readModel("models/validation/gbr.json");
 * const points = learningCurve(model, await readSalesTable("data/processed/val.parquet"));
 * console.log(points.at(-1)); // { trees: 150, rmse: ..., mae: ..., wmae: ... }
 * ```
 */
export function learningCurve(
  { features, ensemble, outlook }: Forecaster,
  { day, sales, features: columns }: SalesTable,
): CurvePoint[] {
  if (features.length === 0) return [];
  const { Store, Dept, IsHoliday } = columns;
  const { seasonal, size, columns: derived } = derive(outlook, {
    stores: Store,
    departments: Dept,
    days: day,
  });
  const predicted = new Float64Array(sales.length);
  const points: CurvePoint[] = [];
  for (const corrections of stagedPredict(ensemble, columnsOf(features, columns, derived))) {
    for (let row = 0; row < predicted.length; row++) {
      predicted[row] = seasonal[row]! + size[row]! * corrections[row]!;
    }
    points.push({
      trees: points.length + 1,
      rmse: rmse(sales, predicted),
      mae: mae(sales, predicted),
      wmae: wmae(sales, predicted, IsHoliday),
    });
  }
  return points;
}

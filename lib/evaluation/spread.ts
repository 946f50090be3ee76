import { countResiduals, type Histogram } from "./count_residuals.ts";
import { type SalesGrid, salesGrid } from "./sales_grid.ts";

/** How a model's predictions lie about the actual sales. */
export interface Spread {
  /** Of actual - predicted. */
  residuals: Histogram;
  /** Of actual and predicted. */
  grid: SalesGrid;
}

/**
 * Counts residuals, and rows by actual and predicted sales.
 *
 * @param actual Sales in USD, of one row at least.
 * @param predicted Predictions in the same order, in USD.
 */
export function spreadOf(actual: Float64Array, predicted: Float64Array): Spread {
  return {
    residuals: countResiduals(actual.map((value, row) => value - predicted[row]!)),
    grid: salesGrid(actual, predicted),
  };
}

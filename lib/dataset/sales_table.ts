import type { FeatureColumns } from "../features/table.ts";

/**
 * Weekly sales with their features, column by column, each `length` long, in the order of the
 * file: sorted by Store, Dept, day.
 */
export interface SalesTable {
  length: number;
  /** Friday that names the week, in days since 1970-01-01. */
  day: Int32Array;
  /** Weekly_Sales in USD; negative where returns outweigh sales. */
  sales: Float64Array;
  /** Encoded features: a category's code, 0 or 1 for a flag, NaN where missing. */
  features: FeatureColumns;
}

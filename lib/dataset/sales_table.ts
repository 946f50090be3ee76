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

/** The rows of two tables, the first one's first; no longer in order. */
export function joinSales(first: SalesTable, second: SalesTable): SalesTable {
  const length = first.length + second.length;
  const join = <Column extends Float64Array | Int32Array>(into: Column, a: Column, b: Column) => {
    into.set(a);
    into.set(b, a.length);
    return into;
  };
  const names = Object.keys(first.features) as (keyof FeatureColumns)[];
  return {
    length,
    day: join(new Int32Array(length), first.day, second.day),
    sales: join(new Float64Array(length), first.sales, second.sales),
    features: Object.fromEntries(
      names.map((name) => [
        name,
        join(new Float64Array(length), first.features[name], second.features[name]),
      ]),
    ) as FeatureColumns,
  };
}

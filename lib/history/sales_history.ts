/** Weekly sales of series, each a department of a store, as far as they are known. */
export interface SalesHistory {
  /** Day of the first week, since 1970-01-01; the others follow every seven days. */
  firstDay: number;
  /** Number of weeks. The last one is the forecast's origin. */
  weeks: number;
  /** Store and department of each series, ascending. */
  stores: Uint16Array;
  departments: Uint16Array;
  /** In USD: week `w` of series `s` at `s * weeks + w`, NaN where unknown. */
  sales: Float64Array;
}

/** What a history is made of; a table of sales has it. */
export interface SalesRows {
  length: number;
  /** Week of each row, in days since 1970-01-01; all of one weekday. */
  day: Int32Array;
  /** In USD. */
  sales: Float64Array;
  features: Record<"Store" | "Dept", Float64Array>;
}

/**
 * The history of the rows up to a week.
 *
 * @param origin Day of the last week that is known; rows after it are left out.
 * @throws {RangeError} where no row is known.
 *
 * @example
 * ```ts
 * import { historyOf } from "./sales_history.ts";
 * const history = historyOf({
 *   length: 2,
 *   day: Int32Array.of(14645, 14659),
 *   sales: Float64Array.of(250, 270),
 *   features: { Store: Float64Array.of(1, 1), Dept: Float64Array.of(7, 7) },
 * });
 * console.log(history.sales); // [250, NaN, 270]
 * ```
 */
export function historyOf(rows: SalesRows, origin = Infinity): SalesHistory {
  let firstDay = Infinity, lastDay = -Infinity;
  const keys = new Set<number>();
  for (let row = 0; row < rows.length; row++) {
    const day = rows.day[row]!;
    if (day > origin) continue;
    firstDay = Math.min(firstDay, day);
    lastDay = Math.max(lastDay, day);
    keys.add(keyOf(rows.features.Store[row]!, rows.features.Dept[row]!));
  }
  if (keys.size === 0) throw new RangeError("Expected a row that is known, but found none");
  const sorted = Float64Array.from(keys).sort();
  const weeks = (lastDay - firstDay) / 7 + 1;
  const history: SalesHistory = {
    firstDay,
    weeks,
    stores: Uint16Array.from(sorted, (key) => Math.floor(key / DEPARTMENTS)),
    departments: Uint16Array.from(sorted, (key) => key % DEPARTMENTS),
    sales: new Float64Array(sorted.length * weeks).fill(NaN),
  };
  const find = seriesFinder(history);
  for (let row = 0; row < rows.length; row++) {
    const day = rows.day[row]!;
    if (day > origin) continue;
    const series = find(rows.features.Store[row]!, rows.features.Dept[row]!);
    history.sales[series * weeks + (day - firstDay) / 7] = rows.sales[row]!;
  }
  return history;
}

/** Day of the last week that is known. */
export function originOf({ firstDay, weeks }: SalesHistory): number {
  return firstDay + 7 * (weeks - 1);
}

/** Makes a function that finds the series of a store and department; -1 where there is none. */
export function seriesFinder(
  { stores, departments }: Pick<SalesHistory, "stores" | "departments">,
): (store: number, department: number) => number {
  const places = new Map<number, number>();
  for (let series = 0; series < stores.length; series++) {
    places.set(keyOf(stores[series]!, departments[series]!), series);
  }
  return (store, department) => {
    // What is no number of a department would give the key of another store's.
    if (!(department >= 0 && department < DEPARTMENTS)) return -1;
    return places.get(keyOf(store, department)) ?? -1;
  };
}

/** Above any number of a department. */
export const DEPARTMENTS = 10_000;

function keyOf(store: number, department: number): number {
  return store * DEPARTMENTS + department;
}

import { formatDay } from "../features/calendar.ts";
import { BASES } from "../history/derive.ts";
import { ALL } from "../history/outlook.ts";
import { LEVELS } from "../intervals/conformal.ts";
import type { Model } from "../model/model.ts";
import { forecast, intervals } from "../model/predict.ts";
import type { StoreFacts } from "../model/store_facts.ts";
import { type ForecastKey, recordColumns, type StoreWeek } from "./record_columns.ts";

/** Forecasts of weeks to come, column by column; amounts in whole cents of a USD. */
export interface ForecastTable {
  keys: ForecastKey[];
  /** `forecast`, and `lower_80`, `upper_80` and so on for each level of the intervals. */
  amounts: Record<string, Float64Array>;
  /** What each forecast rests on; see {@linkcode BASES}. */
  basis: string[];
}

/** Every department that a store has sold, in each of its weeks; by store, department and week. */
export function forecastKeys({ outlook: { history } }: Model, weeks: StoreWeek[]): ForecastKey[] {
  const byStore = Map.groupBy(weeks, ({ store }) => store);
  const keys: ForecastKey[] = [];
  for (const [series, store] of history.stores.entries()) {
    const department = history.departments[series]!;
    if (store === ALL) continue;
    for (const week of byStore.get(store) ?? []) keys.push({ ...week, department });
  }
  return keys;
}

/** Forecasts with their intervals. */
export function makeForecasts(
  model: Model,
  keys: ForecastKey[],
  stores: ReadonlyMap<number, StoreFacts>,
): ForecastTable {
  const forecasts = forecast(model, recordColumns(keys, stores));
  const amounts: ForecastTable["amounts"] = { forecast: toCents(forecasts.predictions) };
  for (const level of LEVELS) {
    const { lower, upper } = intervals(model, forecasts, level);
    amounts[`lower_${level * 100}`] = toCents(lower);
    amounts[`upper_${level * 100}`] = toCents(upper);
  }
  return { keys, amounts, basis: Array.from(forecasts.basis, (index) => BASES[index]!) };
}

/** For the end of a message: how many forecasts rest on less than the corresponding weeks. */
export function describeFallbacks({ basis }: ForecastTable): string {
  const counts = BASES.slice(1).map((name) =>
    [name, basis.filter((found) => found === name).length] as const
  ).filter(([, count]) => count > 0);
  if (counts.length === 0) return "";
  const parts = counts.map(([name, count]) => `${count} ${name}`).join(", ");
  return `; not all rest on last year's corresponding weeks (column basis): ${parts}`;
}

function toCents(values: Float64Array): Float64Array {
  // Adding 0 makes 0 of -0.
  return values.map((value) => Math.round(value * 100) / 100 + 0);
}

/** As CSV: `Store,Dept,Date,IsHoliday,forecast,lower_80,...,basis`, amounts in USD. */
export function forecastCsv({ keys, amounts, basis }: ForecastTable): string {
  const names = Object.keys(amounts);
  const lines = [["Store", "Dept", "Date", "IsHoliday", ...names, "basis"].join(",")];
  for (const [row, { store, department, day, isHoliday }] of keys.entries()) {
    const values = names.map((name) => amounts[name]![row]!.toFixed(2));
    const flag = isHoliday === 1 ? "TRUE" : "FALSE";
    lines.push([store, department, formatDay(day), flag, ...values, basis[row]!].join(","));
  }
  return lines.join("\n") + "\n";
}

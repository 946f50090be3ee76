import { type CompactOutlook, KNOWN_WEEKS } from "./outlook.ts";
import type { SalesHistory } from "./sales_history.ts";
import { seasonalLevels } from "./seasonal_levels.ts";

/**
 * What of a history goes into a model file: the last weeks, in whole USD.
 *
 * @param rank As in {@linkcode seasonalLevels}.
 */
export function compactOutlook(history: SalesHistory, rank: number): CompactOutlook {
  const { sales, ...last } = lastWeeks(history, KNOWN_WEEKS);
  return {
    // Adding 0 makes 0 of -0.
    history: { ...last, sales: sales.map((value) => Math.round(value) + 0) },
    seasonal: seasonalLevels(history, rank),
  };
}

function lastWeeks(history: SalesHistory, most: number): SalesHistory {
  const { weeks, stores, sales, firstDay } = history;
  if (weeks <= most) return history;
  const kept = new Float64Array(stores.length * most);
  for (let series = 0; series < stores.length; series++) {
    kept.set(sales.subarray((series + 1) * weeks - most, (series + 1) * weeks), series * most);
  }
  return { ...history, firstDay: firstDay + 7 * (weeks - most), weeks: most, sales: kept };
}

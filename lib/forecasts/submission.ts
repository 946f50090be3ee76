import { formatDay } from "../features/calendar.ts";
import type { ForecastKey } from "./record_columns.ts";

/**
 * The file that Kaggle's Walmart competition takes: `Id,Weekly_Sales`, one line for each of its keys
 * in their order; an Id is `Store_Dept_Date`, amounts are in USD.
 */
export function submissionCsv(keys: ForecastKey[], forecasts: Float64Array): string {
  const lines = keys.map(({ store, department, day }, row) =>
    `${store}_${department}_${formatDay(day)},${forecasts[row]!.toFixed(2)}`
  );
  return ["Id,Weekly_Sales", ...lines].join("\n") + "\n";
}

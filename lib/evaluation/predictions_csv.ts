import type { SalesTable } from "../dataset/sales_table.ts";
import { formatDay } from "../features/calendar.ts";

/**
 * Predictions beside what came to pass, as CSV: `Store,Dept,Date,actual,prediction,residual`, one
 * line a row. Date is YYYY-MM-DD, amounts are in USD with two decimals, residual is actual -
 * prediction.
 */
export function predictionsCsv(table: SalesTable, predictions: Float64Array): string {
  const { Store, Dept } = table.features;
  const dates = new Map<number, string>();
  for (const day of table.day) if (!dates.has(day)) dates.set(day, formatDay(day));
  const lines = ["Store,Dept,Date,actual,prediction,residual"];
  for (let row = 0; row < table.length; row++) {
    const actual = table.sales[row]!;
    const prediction = predictions[row]!;
    lines.push(
      `${Store[row]},${Dept[row]},${dates.get(table.day[row]!)},` +
        `${formatCents(actual)},${formatCents(prediction)},${formatCents(actual - prediction)}`,
    );
  }
  return lines.join("\n") + "\n";
}

function formatCents(value: number): string {
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text;
}

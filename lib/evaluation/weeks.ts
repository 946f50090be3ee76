import { formatDay } from "../features/calendar.ts";

/** Totals of the validation rows by week. */
export interface WeeklySeries {
  /** Day that names each week, ascending. */
  days: Int32Array;
  /** Actual sales of each week, in USD. */
  actual: Float64Array;
  /** Predicted sales of each week by model, in USD, in the order to show. */
  predicted: Record<string, Float64Array>;
}

/** Rows gathered by week. */
export interface RowsByWeek {
  /** The different days, ascending. */
  days: Int32Array;
  /** For each row the index of its week in `days`. */
  weekOfRow: Int32Array;
}

/** Gathers rows by the day that names their week. */
export function gatherWeeks(day: Int32Array): RowsByWeek {
  const days = Int32Array.from(new Set(day)).sort();
  const index = new Map(Array.from(days, (value, week) => [value, week]));
  return { days, weekOfRow: day.map((value) => index.get(value)!) };
}

/**
 * Sums sales and predictions by week.
 *
 * @param day Day of each row.
 * @param sales In USD.
 * @param predictions By model, in USD.
 */
export function weeklyTotals(
  day: Int32Array,
  sales: Float64Array,
  predictions: Record<string, Float64Array>,
): WeeklySeries {
  const { days, weekOfRow } = gatherWeeks(day);
  const sum = (values: Float64Array) => {
    const totals = new Float64Array(days.length);
    for (let row = 0; row < values.length; row++) totals[weekOfRow[row]!]! += values[row]!;
    return totals;
  };
  return {
    days,
    actual: sum(sales),
    predicted: Object.fromEntries(
      Object.entries(predictions).map(([name, values]) => [name, sum(values)]),
    ),
  };
}

/**
 * The series as CSV, for DVC's own plots: `week` (counted from 1, since DVC's line plot wants
 * numbers), `Date` (YYYY-MM-DD), `actual`, and a column for each model; amounts in whole USD.
 */
export function weeklyTotalsCsv({ days, actual, predicted }: WeeklySeries): string {
  const columns = [actual, ...Object.values(predicted)];
  const lines = [["week", "Date", "actual", ...Object.keys(predicted)].join(",")];
  days.forEach((day, week) => {
    const amounts = columns.map((column) => String(Math.round(column[week]!) + 0));
    lines.push([String(week + 1), formatDay(day), ...amounts].join(","));
  });
  return lines.join("\n") + "\n";
}

import type { TopLevelSpec } from "vega-lite";
import { ACTUAL_COLOR, chartFrame, modelColors } from "./theme.ts";
import { totalsEncoding, totalsOf } from "./week_totals.ts";

/** Sales of weeks in total. */
export interface WeekTotals {
  /** Days since 1970-01-01, ascending. */
  days: Int32Array;
  /** In USD, one a week. */
  totals: Float64Array;
}

/** The last sales that are known, and the forecast of those to come, in total by week. */
export function forecastChart(known: WeekTotals, coming: WeekTotals, model: string): TopLevelSpec {
  const lines = [
    { title: "Actual", color: ACTUAL_COLOR, ...known },
    { title: "Forecast", color: modelColors([model])[model]!, ...coming },
  ];
  return {
    ...chartFrame(
      "Total sales by week: known and forecast",
      [`Forecast by ${model}; sum over all stores and departments.`],
      "Lines of total weekly sales, known and forecast.",
    ),
    width: 720,
    height: 320,
    data: { values: lines.flatMap(({ title, days, totals }) => totalsOf(title, days, totals)) },
    mark: { type: "line", strokeWidth: 2 },
    encoding: totalsEncoding(lines, known.days.length + coming.days.length),
  };
}

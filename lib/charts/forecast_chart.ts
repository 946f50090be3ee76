import type { TopLevelSpec } from "vega-lite";
import { ACTUAL_COLOR, chartFrame, modelColors } from "./theme.ts";
import { weekAxis, weekTime } from "./week_axis.ts";

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
    data: {
      values: lines.flatMap(({ title, days, totals }) =>
        Array.from(totals, (total, week) => ({
          time: weekTime(days[week]!),
          line: title,
          total: total / 1e6,
        }))
      ),
    },
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: weekAxis(known.days.length + coming.days.length),
      y: {
        field: "total",
        type: "quantitative",
        title: "Sales (million USD a week)",
        scale: { zero: false },
      },
      color: {
        field: "line",
        type: "nominal",
        title: null,
        scale: {
          domain: lines.map(({ title }) => title),
          range: lines.map(({ color }) => color),
        },
        legend: { orient: "top", symbolType: "stroke", symbolSize: 300 },
      },
    },
  };
}

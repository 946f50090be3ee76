import type { TopLevelSpec } from "vega-lite";
import { BASELINE } from "../evaluation/baseline.ts";
import { ACTUAL_COLOR, chartFrame, modelColors, modelTitle } from "./theme.ts";
import { weekAxis, weekTime } from "./week_axis.ts";
import type { WeeklySeries } from "./weeks.ts";

/**
 * Actual sales and those that each model predicts, in total by week.
 *
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function totalByWeek(series: WeeklySeries, splitLabel: string): TopLevelSpec {
  const names = Object.keys(series.predicted);
  const colors = modelColors(names);
  const lines = [
    { title: "Actual", totals: series.actual, color: ACTUAL_COLOR },
    ...names.map((name) => ({
      title: modelTitle(name),
      totals: series.predicted[name]!,
      color: colors[name]!,
    })),
  ];
  // Later lines lie above: the actual one on top of all.
  const values = lines.toReversed().flatMap(({ title, totals }) =>
    Array.from(totals, (total, week) => ({
      time: weekTime(series.days[week]!),
      line: title,
      total: total / 1e6,
    }))
  );
  const titles = lines.map(({ title }) => title);
  return {
    ...chartFrame(
      "Total sales by week: actual and predicted",
      [`Validation: ${splitLabel}; sum over its stores and departments.`],
      `Lines of total weekly sales, actual and by ${names.map(modelTitle).join(", ")}.`,
    ),
    width: 720,
    height: 320,
    data: { values },
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: weekAxis(series.days.length),
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
        scale: { domain: titles, range: lines.map(({ color }) => color) },
        legend: { orient: "top", symbolType: "stroke", symbolSize: 300 },
      },
      // The baseline is told apart by its dashes too.
      strokeDash: {
        field: "line",
        type: "nominal",
        scale: {
          domain: titles,
          range: titles.map((title) => title === modelTitle(BASELINE) ? [5, 3] : [1, 0]),
        },
      },
    },
  };
}

import type { TopLevelSpec } from "vega-lite";
import { BASELINE } from "../evaluation/baseline.ts";
import { ACTUAL_COLOR, chartFrame, modelColors, modelTitle } from "./theme.ts";
import { totalsEncoding, totalsOf } from "./week_totals.ts";
import type { WeeklySeries } from "../evaluation/weeks.ts";

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
    totalsOf(title, series.days, totals)
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
      ...totalsEncoding(lines, series.days.length),
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

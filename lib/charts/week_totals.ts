import { weekAxis, weekTime } from "./week_axis.ts";

/** A line of total sales by week, as the legend names it. */
export interface TotalsLine {
  title: string;
  color: string;
}

/** What a chart's data hold of such a line: one a week, totals in million USD. */
export function totalsOf(title: string, days: Int32Array, totals: Float64Array) {
  return Array.from(totals, (total, week) => ({
    time: weekTime(days[week]!),
    line: title,
    total: total / 1e6,
  }));
}

/**
 * Axes and colours of lines whose data are of {@linkcode totalsOf}.
 *
 * @param lines In the order of the legend.
 * @param weeks How many the x axis shows.
 */
export function totalsEncoding(lines: TotalsLine[], weeks: number) {
  return {
    x: weekAxis(weeks),
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
  } as const;
}

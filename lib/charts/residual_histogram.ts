import type { TopLevelSpec } from "vega-lite";
import type { Histogram } from "../evaluation/count_residuals.ts";
import { quantile } from "../evaluation/quantile.ts";
import { AMOUNT_LABELS, chartFrame, formatCount, modelColors, modelTitle } from "./theme.ts";

/**
 * How residuals (actual - predicted) are spread. What lies outside the histogram is not shown, and
 * the picture says so.
 *
 * @param model Name of the model.
 * @param residuals In USD.
 * @param histogram Of them.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function residualHistogram(
  model: string,
  residuals: Float64Array,
  histogram: Histogram,
  splitLabel: string,
): TopLevelSpec {
  const { edges, counts, below, above } = histogram;
  const limit = edges.at(-1)!;
  const outside = below + above;
  const mean = residuals.reduce((sum, residual) => sum + residual, 0) / residuals.length;
  const median = quantile(residuals.toSorted(), 0.5);
  const percent = (outside / residuals.length * 100).toFixed(1);
  return {
    ...chartFrame(
      `Residuals: ${modelTitle(model)}`,
      [
        `Validation: ${splitLabel}, ${formatCount(residuals.length)} rows. ` +
        `Mean ${formatUsd(mean)}, median ${formatUsd(median)}.`,
        outside === 0
          ? "All rows are shown."
          : `Not shown: ${percent} % of the rows (${formatCount(outside)}), ` +
            `which lie beyond ±${formatCount(limit)} USD.`,
      ],
      "Histogram of actual minus predicted weekly sales of a store's department: " +
        `mean ${formatUsd(mean)}, median ${formatUsd(median)}.`,
    ),
    width: 640,
    height: 300,
    layer: [
      {
        data: {
          values: counts.map((rows, bin) => ({ from: edges[bin]!, to: edges[bin + 1]!, rows })),
        },
        mark: {
          type: "rect",
          color: modelColors([model])[model]!,
          stroke: "white",
          strokeWidth: 0.5,
        },
        encoding: {
          x: {
            field: "from",
            type: "quantitative",
            title: "Residual: actual − predicted (USD a week); right of 0 the forecast was too low",
            scale: { domain: [-limit, limit], nice: false },
            axis: { tickCount: 9, ...AMOUNT_LABELS, labelFlush: false, grid: false },
          },
          x2: { field: "to" },
          y: {
            field: "rows",
            type: "quantitative",
            title: "Rows (store, department and week)",
            axis: AMOUNT_LABELS,
          },
          y2: { datum: 0 },
        },
      },
      {
        data: { values: [{}] },
        mark: { type: "rule", color: "#222", strokeDash: [4, 3] },
        encoding: { x: { datum: 0 } },
      },
    ],
  };
}

function formatUsd(value: number): string {
  return `${formatCount(value).replace("-", "−")} USD`;
}

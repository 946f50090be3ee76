import type { TopLevelSpec } from "vega-lite";
import { quantile } from "../evaluation/quantile.ts";
import { AMOUNT_LABELS, chartFrame, formatCount, modelColors, modelTitle } from "./theme.ts";

const BINS = 60;

/** Share of the rows that the bars show; few huge residuals would squeeze the rest into one bar. */
const SHOWN = 0.98;

/**
 * How residuals (actual - predicted) are spread. The 2 % of the rows with the largest residuals lie
 * outside the picture, which says so.
 *
 * @param model Name of the model.
 * @param residuals In USD.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function residualHistogram(
  model: string,
  residuals: Float64Array,
  splitLabel: string,
): TopLevelSpec {
  const sorted = residuals.toSorted();
  const limit = roundUp(quantile(residuals.map(Math.abs).sort(), SHOWN));
  const width = 2 * limit / BINS;
  const counts = new Uint32Array(BINS);
  let outside = 0;
  for (const residual of residuals) {
    if (Math.abs(residual) > limit) outside++;
    else counts[Math.min(BINS - 1, Math.floor((residual + limit) / width))]!++;
  }
  const mean = residuals.reduce((sum, residual) => sum + residual, 0) / residuals.length;
  const median = quantile(sorted, 0.5);
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
          values: Array.from(counts, (rows, bin) => ({
            from: -limit + bin * width,
            to: -limit + (bin + 1) * width,
            rows,
          })),
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

/** To two significant digits, upwards; 1 below a cent, which no picture of sales has to tell apart. */
function roundUp(value: number): number {
  if (value < 0.01) return 1;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}

function formatUsd(value: number): string {
  return `${formatCount(value).replace("-", "−")} USD`;
}

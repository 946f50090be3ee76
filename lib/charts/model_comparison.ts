import type { TopLevelSpec } from "vega-lite";
import { BASELINE } from "../evaluation/baseline.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import { AMOUNT_LABELS, chartFrame, formatCount, modelColors, modelTitle } from "./theme.ts";

const PANELS = [
  { metric: "rmse", title: "RMSE (USD a week)" },
  { metric: "mae", title: "MAE (USD a week)" },
  { metric: "wmae", title: "WMAE (USD a week)" },
  { metric: "r2", title: "R² (1 is perfect)" },
] as const;

type Panel = Extract<TopLevelSpec, { hconcat: unknown }>["hconcat"][number];

/**
 * Bars of the models and the baseline, one panel a metric; a dashed line carries the baseline's
 * value through the panel, and each bar says by how much it differs from it.
 *
 * @param metrics Metrics on validation by model and of the baseline, in the order to draw.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function modelComparison(
  metrics: Record<string, Metrics>,
  splitLabel: string,
): TopLevelSpec {
  const names = Object.keys(metrics);
  const rows = formatCount(metrics[BASELINE]!.n);
  return {
    ...chartFrame(
      "Models against last year's same week",
      [
        `Validation: ${splitLabel}, ${rows} rows. Errors: shorter is better; R²: longer is better.`,
        "Dashed: seasonal naive, the baseline.",
      ],
      names.map((name) => {
        const { rmse, mae, wmae, r2 } = metrics[name]!;
        return `${modelTitle(name)}: RMSE ${formatCount(rmse)}, MAE ${formatCount(mae)}, ` +
          `WMAE ${formatCount(wmae)} USD a week, R² ${r2.toFixed(3)}`;
      }).join("; "),
    ),
    spacing: 28,
    hconcat: PANELS.map(({ metric, title }, index) => panel(metric, title, metrics, index === 0)),
  };
}

/** One metric; only the first panel names the models. */
function panel(
  metric: typeof PANELS[number]["metric"],
  title: string,
  metrics: Record<string, Metrics>,
  first: boolean,
): Panel {
  const names = Object.keys(metrics);
  const titles = names.map(modelTitle);
  const colors = modelColors(names);
  const baseline = metrics[BASELINE]!;

  const values = names.map((name) => {
    const value = metrics[name]![metric];
    return { model: modelTitle(name), value, label: barLabel(metric, value, name, baseline) };
  });
  const highest = Math.max(...values.map(({ value }) => value), 0);
  const lowest = Math.min(...values.map(({ value }) => value), 0);
  const y = {
    field: "model",
    type: "nominal",
    sort: titles,
    axis: first
      ? { title: null, ticks: false, labelPadding: 8 }
      : { title: null, labels: false, ticks: false },
  } as const;
  return {
    title: { text: title, fontSize: 12, fontWeight: "normal", offset: 6 },
    width: 200,
    height: { step: 44 },
    data: { values },
    layer: [
      {
        mark: { type: "bar", height: 18, yOffset: 6 },
        encoding: {
          y,
          x: {
            field: "value",
            type: "quantitative",
            title: null,
            scale: { domain: [lowest * 1.05, highest * 1.05], nice: false },
            axis: { tickCount: 4, ...(metric === "r2" ? {} : AMOUNT_LABELS) },
          },
          color: {
            field: "model",
            type: "nominal",
            scale: { domain: titles, range: names.map((name) => colors[name]!) },
            legend: null,
          },
        },
      },
      {
        mark: { type: "text", align: "left", baseline: "bottom", yOffset: -5, fontSize: 11 },
        encoding: { y, x: { datum: 0 }, text: { field: "label" } },
      },
      {
        data: { values: [{}] },
        mark: { type: "rule", strokeDash: [4, 3], color: "#555" },
        encoding: { x: { datum: baseline[metric] } },
      },
    ],
  };
}

function barLabel(
  metric: keyof Metrics,
  value: number,
  name: string,
  baseline: Metrics,
): string {
  if (metric === "r2") return value.toFixed(3);
  const text = value < 100 ? value.toFixed(2) : formatCount(value);
  if (name === BASELINE || baseline[metric] === 0) return text;
  const change = Math.round((value / baseline[metric] - 1) * 100) + 0;
  return `${text} (${change > 0 ? "+" : ""}${change} %)`.replace("-", "−");
}

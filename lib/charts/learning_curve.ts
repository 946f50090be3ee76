import type { TopLevelSpec } from "vega-lite";
import type { CurvePoint } from "../evaluation/learning_curve.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import { AMOUNT_LABELS, chartFrame, formatCount, modelColors, modelTitle } from "./theme.ts";

const PANELS = [
  { metric: "rmse", title: "RMSE (USD a week)" },
  { metric: "mae", title: "MAE (USD a week)" },
  { metric: "wmae", title: "WMAE (USD a week)" },
] as const;

type Panel = Extract<TopLevelSpec, { hconcat: unknown }>["hconcat"][number];

/**
 * Errors on validation by how many of a model's trees forecast, one panel a metric: whether more
 * trees would help, or fewer.
 *
 * @param model Name of the model.
 * @param points One a tree, at least one.
 * @param seasonal Metrics of the forecast that the trees correct, drawn as a dashed line; none where
 *   they are not known.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function learningCurve(
  model: string,
  points: readonly CurvePoint[],
  seasonal: Metrics | undefined,
  splitLabel: string,
): TopLevelSpec {
  const color = modelColors([model])[model]!;
  const reference = seasonal ? " Dashed: without trees, the seasonal forecast." : "";
  return {
    ...chartFrame(
      `Errors by number of trees: ${modelTitle(model)}`,
      [
        `Validation: ${splitLabel}. Lower is better.`,
        `Dot: the least error, known only afterwards.${reference}`,
      ],
      PANELS.map(({ metric }) => {
        const least = leastOf(metric, points);
        return `${metric.toUpperCase()} ${formatCount(points[0]![metric])} after the first tree, ` +
          `${formatCount(points.at(-1)![metric])} after all ${points.length}, ` +
          `least ${formatCount(least[metric])} after ${least.trees}`;
      }).join("; ") + " USD a week.",
    ),
    spacing: 36,
    hconcat: PANELS.map(({ metric, title }) => panel(metric, title, points, seasonal, color)),
  };
}

function panel(
  metric: typeof PANELS[number]["metric"],
  title: string,
  points: readonly CurvePoint[],
  seasonal: Metrics | undefined,
  color: string,
): Panel {
  const x = {
    field: "trees",
    type: "quantitative",
    title: "Trees",
    scale: { nice: false, zero: true },
    axis: { tickCount: 5, tickMinStep: 1, format: "d", grid: false },
  } as const;
  const y = {
    field: "error",
    type: "quantitative",
    title: null,
    scale: { zero: false },
    axis: { tickCount: 5, ...AMOUNT_LABELS },
  } as const;
  const least = leastOf(metric, points);
  return {
    title: { text: title, fontSize: 12, fontWeight: "normal", offset: 6 },
    width: 230,
    height: 220,
    data: { values: points.map((point) => ({ trees: point.trees, error: point[metric] })) },
    layer: [
      ...seasonal
        ? [{
          data: { values: [{ error: seasonal[metric] }] },
          mark: { type: "rule" as const, strokeDash: [4, 3], color: "#555" },
          encoding: { y },
        }]
        : [],
      { mark: { type: "line", color, strokeWidth: 2 }, encoding: { x, y } },
      {
        data: { values: [{ trees: least.trees, error: least[metric] }] },
        mark: { type: "point", color, filled: true, size: 60, opacity: 1 },
        encoding: { x, y },
      },
    ],
  };
}

/** Of equals, the one with the fewest trees. */
function leastOf(metric: typeof PANELS[number]["metric"], points: readonly CurvePoint[]) {
  return points.reduce((least, point) => point[metric] < least[metric] ? point : least);
}

import type { TopLevelSpec } from "vega-lite";
import { chartFrame, modelColors, modelTitle } from "./theme.ts";

/**
 * How much each feature helped: its share of the gain of all splits, the largest first.
 *
 * @param model Name of the model.
 * @param importance Share by feature, 0 to 1, summing to 1.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function featureImportance(
  model: string,
  importance: Readonly<Partial<Record<string, number>>>,
  splitLabel: string,
): TopLevelSpec {
  const values = Object.entries(importance)
    .map(([feature, share = 0]) => ({
      feature,
      percent: share * 100,
      label: `${(share * 100).toFixed(1)} %`,
    }))
    .sort((a, b) => b.percent - a.percent || (a.feature < b.feature ? -1 : 1));
  const y = {
    field: "feature",
    type: "nominal",
    sort: values.map(({ feature }) => feature),
    title: null,
    axis: { ticks: false, labelPadding: 8 },
  } as const;
  const x = {
    field: "percent",
    type: "quantitative",
    title: "Share of the gain of all splits (%)",
    axis: { tickCount: 6 },
  } as const;
  return {
    ...chartFrame(
      `Feature importance: ${modelTitle(model)}`,
      [
        "By how much the splits on a feature reduced the squared error in training.",
        `Trained on all rows but those of validation: ${splitLabel}.`,
      ],
      values.slice(0, 5).map(({ feature, label }) => `${feature} ${label}`).join(", "),
    ),
    width: 560,
    height: { step: 22 },
    data: { values },
    layer: [
      { mark: { type: "bar", color: modelColors([model])[model]! }, encoding: { x, y } },
      {
        mark: { type: "text", align: "left", dx: 4, fontSize: 11 },
        encoding: { x, y, text: { field: "label" } },
      },
    ],
  };
}

import type { TopLevelSpec } from "vega-lite";
import { quantile } from "../evaluation/quantile.ts";
import { AMOUNT_LABELS, chartFrame, formatCount, modelColors, modelTitle } from "./theme.ts";
import { weekAxis, weekTime } from "./week_axis.ts";
import { gatherWeeks } from "../evaluation/weeks.ts";

/**
 * Residuals (actual - predicted) by week: their mean, and the band in which 10 % to 90 % of the rows
 * lie. Shows weeks that a model misses, such as holidays, and drift.
 *
 * @param model Name of the model.
 * @param day Day of each row.
 * @param residuals In USD.
 * @param isHoliday 1 for a row of a holiday week, else 0.
 * @param splitLabel The validation rows in words, such as `last 39 weeks`.
 */
export function residualsOverTime(
  model: string,
  day: Int32Array,
  residuals: Float64Array,
  isHoliday: Float64Array,
  splitLabel: string,
): TopLevelSpec {
  const color = modelColors([model])[model]!;
  const values = residualsByWeek(day, residuals, isHoliday);
  const worst = values.reduce((a, b) => Math.abs(b.mean) > Math.abs(a.mean) ? b : a);
  const x = weekAxis(values.length);
  return {
    ...chartFrame(
      `Residuals by week: ${modelTitle(model)}`,
      [
        `Validation: ${splitLabel}, ${formatCount(residuals.length)} rows.`,
        "Line: mean. Band: 10 % to 90 % of the rows. Dots: holiday weeks. " +
        "Above 0 the forecast was too low.",
      ],
      "Mean and spread of actual minus predicted weekly sales by week; the mean is farthest from " +
        `zero, ${formatCount(worst.mean)} USD, in the week of ${
          new Date(worst.time).toISOString().slice(0, 10)
        }.`,
    ),
    width: 720,
    height: 300,
    data: { values },
    layer: [
      {
        mark: { type: "area", color, opacity: 0.25 },
        encoding: {
          x,
          y: {
            field: "low",
            type: "quantitative",
            title: "Residual: actual − predicted (USD a week)",
            axis: AMOUNT_LABELS,
          },
          y2: { field: "high" },
        },
      },
      {
        data: { values: [{}] },
        mark: { type: "rule", color: "#222", strokeDash: [4, 3] },
        encoding: { y: { datum: 0 } },
      },
      {
        mark: { type: "line", color, strokeWidth: 2 },
        encoding: { x, y: { field: "mean", type: "quantitative" } },
      },
      {
        transform: [{ filter: "datum.holiday" }],
        mark: { type: "point", color, filled: true, size: 60, opacity: 1 },
        encoding: { x, y: { field: "mean", type: "quantitative" } },
      },
    ],
  };
}

interface ResidualWeek {
  /** Milliseconds since 1970, UTC. */
  time: number;
  mean: number;
  low: number;
  high: number;
  holiday: boolean;
}

function residualsByWeek(
  day: Int32Array,
  residuals: Float64Array,
  isHoliday: Float64Array,
): ResidualWeek[] {
  const { days, weekOfRow } = gatherWeeks(day);
  const counts = new Uint32Array(days.length);
  const holidays = new Uint8Array(days.length);
  for (let row = 0; row < weekOfRow.length; row++) {
    const week = weekOfRow[row]!;
    counts[week]!++;
    if (isHoliday[row] === 1) holidays[week] = 1;
  }
  const residualsOfWeek = Array.from(counts, (count) => new Float64Array(count));
  for (let row = 0; row < weekOfRow.length; row++) {
    const week = weekOfRow[row]!;
    residualsOfWeek[week]![--counts[week]!] = residuals[row]!;
  }
  return residualsOfWeek.map((values, week) => {
    values.sort();
    return {
      time: weekTime(days[week]!),
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      low: quantile(values, 0.1),
      high: quantile(values, 0.9),
      holiday: holidays[week] === 1,
    };
  });
}

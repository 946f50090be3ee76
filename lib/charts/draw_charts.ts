import type { TopLevelSpec } from "vega-lite";
import type { SalesTable } from "../dataset/sales_table.ts";
import type { CurvePoint } from "../evaluation/learning_curve.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import type { Spread } from "../evaluation/spread.ts";
import type { WeeklySeries } from "../evaluation/weeks.ts";
import { featureImportance } from "./feature_importance.ts";
import { learningCurve } from "./learning_curve.ts";
import { modelComparison } from "./model_comparison.ts";
import { predictedVsActual } from "./predicted_vs_actual.ts";
import { renderSvg } from "./render_svg.ts";
import { residualHistogram } from "./residual_histogram.ts";
import { residualsOverTime } from "./residuals_over_time.ts";
import { totalByWeek } from "./total_by_week.ts";

/** What the pictures of an evaluation are drawn from. */
export interface ChartInput {
  validation: SalesTable;
  /** The validation rows in words, such as `last 39 weeks`. */
  splitLabel: string;
  /** Metrics on validation by model, the baseline last. */
  metrics: Record<string, Metrics>;
  /** Predictions of the validation rows, in USD, by the same names in the same order. */
  predictions: Record<string, Float64Array>;
  /** Of these, by week and by the same names. */
  totals: WeeklySeries;
  /** How they lie about the sales, by model. */
  spreads: Record<string, Spread>;
  /** The same metrics on the folds of rolling-origin validation, and their origins in words. */
  folds?: { metrics: Record<string, Metrics>; label: string };
  /** Share by feature, by model; none for the baseline. */
  importance: Record<string, Readonly<Partial<Record<string, number>>>>;
  /** Errors on validation by number of trees, by model; only of models with a curve. */
  curves: Record<string, readonly CurvePoint[]>;
}

/**
 * Draws all pictures of an evaluation: `model_comparison`, where there are folds
 * `model_comparison_folds`, `total_by_week`, and for each model `predicted_vs_actual_NAME`,
 * `residual_histogram_NAME`, `residuals_over_time_NAME`, where it has trees
 * `feature_importance_NAME`, and where it has a curve `learning_curve_NAME`.
 *
 * @returns SVG text by file name, for example `total_by_week.svg`.
 */
export async function drawCharts(input: ChartInput): Promise<Record<string, string>> {
  const {
    validation,
    splitLabel,
    metrics,
    predictions,
    totals,
    spreads,
    folds,
    importance,
    curves,
  } = input;
  const { day, sales, features: { IsHoliday } } = validation;
  const specs: Record<string, TopLevelSpec> = {
    model_comparison: modelComparison(metrics, splitLabel),
    total_by_week: totalByWeek(totals, splitLabel),
  };
  if (folds) specs["model_comparison_folds"] = modelComparison(folds.metrics, folds.label);
  for (const [name, shares] of Object.entries(importance)) {
    const predicted = predictions[name]!, spread = spreads[name]!;
    const residuals = sales.map((actual, row) => actual - predicted[row]!);
    specs[`predicted_vs_actual_${name}`] = predictedVsActual(name, spread.grid, splitLabel);
    specs[`residual_histogram_${name}`] = residualHistogram(
      name,
      residuals,
      spread.residuals,
      splitLabel,
    );
    specs[`residuals_over_time_${name}`] = residualsOverTime(
      name,
      day,
      residuals,
      IsHoliday,
      splitLabel,
    );
    if (Object.keys(shares).length > 0) {
      specs[`feature_importance_${name}`] = featureImportance(name, shares, splitLabel);
    }
  }
  for (const [name, points] of Object.entries(curves)) {
    specs[`learning_curve_${name}`] = learningCurve(name, points, metrics["seasonal"], splitLabel);
  }
  const pictures: Record<string, string> = {};
  for (const [name, spec] of Object.entries(specs)) {
    pictures[`${name}.svg`] = await renderSvg(spec);
  }
  return pictures;
}

import { calibrate, type Residuals } from "../intervals/conformal.ts";
import type { Model } from "../model/model.ts";
import type { Forecasts } from "../model/predict.ts";
import { type Coverage, coverageOf, sliceCoverage } from "./coverage.ts";
import { type FoldModel, foldResiduals, type Folds } from "./folds.ts";
import type { Slicing } from "./slices.ts";

/** How one model's prediction intervals turned out on validation. */
export interface IntervalReport {
  overall: Coverage[];
  /** By slicing, then by part. */
  slices: Record<string, Record<string, Coverage[]>>;
}

/** What {@linkcode createIntervalReport} goes by. */
export interface IntervalInput {
  /** One at least. */
  models: readonly Pick<Model, "name" | "intervals">[];
  folds: Folds;
  /** Actual sales of the validation rows, in USD. */
  sales: Float64Array;
  /** Their predictions in USD, by model and of the baseline. */
  predictions: Readonly<Record<string, Float64Array>>;
  /** By model. */
  forecasts: Readonly<Record<string, Forecasts>>;
  slicings: Record<string, Slicing>;
}

/**
 * Makes a function that describes one model's intervals: a model's own, and for the baseline, which
 * has none, those that its errors on the folds give.
 */
export function createIntervalReport(
  { models, folds, sales, predictions, forecasts, slicings }: IntervalInput,
): (name: FoldModel) => IntervalReport {
  // Scales and horizons are the same for all models.
  const { horizons, scale } = forecasts[models[0]!.name]!;
  return (name) => {
    const residuals: Residuals = {
      residuals: sales.map((actual, row) => actual - predictions[name]![row]!),
      horizons,
      scales: scale,
    };
    const calibration = models.find((model) => model.name === name)?.intervals ??
      calibrate(foldResiduals(folds, name));
    return {
      overall: coverageOf(calibration, residuals),
      slices: sliceCoverage(slicings, calibration, residuals),
    };
  };
}

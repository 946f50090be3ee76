import { formatDay } from "../features/calendar.ts";
import { BASELINE } from "./baseline.ts";
import { foldHorizons, foldMetrics, type FoldModel, type Folds } from "./folds.ts";
import { type Metrics, roundMetrics, skillOf } from "./metrics.ts";
import { forecastSlicings, roundSlices, type SliceMetrics, sliceMetrics } from "./slices.ts";

/** Metrics beside the baseline's of the same rows. */
export interface SkilledMetrics extends Metrics {
  /** See {@linkcode skillOf}. */
  skill: number;
}

/** One model's rolling-origin validation. */
export interface FoldReport {
  /** Over the rows of all folds. */
  overall: SkilledMetrics;
  /** By date of the fold's origin, YYYY-MM-DD. */
  origins: Record<string, SkilledMetrics>;
  /** By {@linkcode forecastSlicings}. */
  slices: SliceMetrics;
}

/**
 * Makes a function that describes one model's rolling-origin validation.
 *
 * @param folds One row at least.
 */
export function createFoldReport(folds: Folds): (name: FoldModel) => FoldReport {
  const overall = foldMetrics(folds);
  const origins = [...new Set(folds.origin)].map((origin) =>
    [formatDay(origin), foldMetrics(folds, origin)] as const
  );
  const slicings = forecastSlicings({ ...folds, horizon: foldHorizons(folds) });
  const { sales, predictions, isHoliday } = folds;
  return (name) => {
    const describe = (all: Record<FoldModel, Metrics>) => ({
      ...roundMetrics(all[name]),
      skill: skillOf(all[name], all[BASELINE]),
    });
    return {
      overall: describe(overall),
      origins: Object.fromEntries(origins.map(([origin, all]) => [origin, describe(all)])),
      slices: roundSlices(sliceMetrics(slicings, sales, predictions[name], isHoliday)),
    };
  };
}

import { type Calibration, halfWidth, LEVELS, type Residuals } from "../intervals/conformal.ts";
import { roundMetric } from "./metrics.ts";
import type { Slicing } from "./slices.ts";

/** How prediction intervals of one level turned out. */
export interface Coverage {
  /** Share of the actual sales that they were to hold, and that they held. */
  level: number;
  coverage: number;
  /** Mean width of the intervals, in USD. */
  mean_width: number;
}

/**
 * Coverage and width of the intervals round forecasts of rows that the calibration did not know.
 *
 * @throws {RangeError} where there are no rows.
 */
export function coverageOf(
  calibration: Calibration,
  { residuals, horizons, scales }: Residuals,
): Coverage[] {
  if (residuals.length === 0) throw new RangeError("Expected residuals, but found none");
  return LEVELS.map((level) => {
    let within = 0, width = 0;
    for (const [row, residual] of residuals.entries()) {
      const half = halfWidth(calibration, level, horizons[row]!, scales[row]!);
      if (Math.abs(residual) <= half) within++;
      width += 2 * half;
    }
    return {
      level,
      coverage: roundMetric(within / residuals.length),
      mean_width: roundMetric(width / residuals.length),
    };
  });
}

/** {@linkcode coverageOf} of each part of each slicing; parts without rows are left out. */
export function sliceCoverage(
  slicings: Record<string, Slicing>,
  calibration: Calibration,
  { residuals, horizons, scales }: Residuals,
): Record<string, Record<string, Coverage[]>> {
  const result: Record<string, Record<string, Coverage[]>> = {};
  for (const [name, { parts, partOfRow }] of Object.entries(slicings)) {
    const ofParts: Record<string, Coverage[]> = {};
    for (const [index, part] of parts.entries()) {
      const isIn = (_: unknown, row: number) => partOfRow[row] === index;
      const own = residuals.filter(isIn);
      if (own.length === 0) continue;
      ofParts[part] = coverageOf(calibration, {
        residuals: own,
        horizons: Float64Array.from(horizons).filter(isIn),
        scales: scales.filter(isIn),
      });
    }
    result[name] = ofParts;
  }
  return result;
}

import {
  calibrate,
  type Calibration,
  halfWidth,
  LEVELS,
  type PastResiduals,
  type Residuals,
} from "../intervals/conformal.ts";
import { roundMetric } from "./metrics.ts";

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

/** The same of forecasts that bring no calibration: theirs is made of these past residuals. */
export function coverageBy(past: PastResiduals, now: Residuals): Coverage[] {
  return coverageOf(calibrate(past), now);
}

import { bandOf, HORIZON_BANDS } from "./bands.ts";

/** Share of the actual sales that an interval is to hold. */
export const LEVELS = [0.8, 0.9] as const;

/** One of {@linkcode LEVELS}. */
export type Level = typeof LEVELS[number];

/** Forecasts beside what came to pass. */
export interface Residuals {
  /** Actual sales less the forecast, in USD. */
  residuals: Float64Array;
  /** Weeks from the forecast's origin to the row, from 1. */
  horizons: ArrayLike<number>;
  /** How large the row's error is to be expected, in USD, above 0, such as the size of its series. */
  scales: Float64Array;
}

/** {@linkcode Residuals} of forecasts from several origins. */
export interface PastResiduals extends Residuals {
  /** The origin of each row, by any number. */
  origins: ArrayLike<number>;
}

/** How wide intervals have to be, by horizon and scale. */
export interface Calibration {
  /** Last horizon of each band but the last, in weeks, ascending. */
  horizons: number[];
  /** Largest scale of each band but the last, in USD, ascending. */
  scales: number[];
  /**
   * By level, band of horizons and band of scales: half the interval's width as a multiple of the
   * row's scale.
   */
  widths: number[][][];
}

/** Bands of scales hold equal numbers of rows. */
const SCALES = 5;

/** Fewer rows of one origin in a band say too little. */
const LEAST_ROWS = 200;

/**
 * Split conformal calibration: of past forecasts that did not know what they were to forecast, the
 * share of `level` lay within so many scales of the row from what came to pass. As far as the
 * future is like those weeks, intervals of that width hold so many of its sales, whatever the
 * model's errors look like.
 *
 * Forecasts from one origin are good or bad together, and the next origin may be like the worst of
 * the last ones: each band takes the middle between the width for all rows and that of the origin
 * with the widest.
 *
 * @throws {RangeError} where there are no residuals.
 *
 * @see Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, Distribution-free predictive inference for
 *   regression, 2018, section 2.2; by groups: Vovk, Conditional validity, 2012.
 *
 * @example
 * ```ts
 * import { calibrate, halfWidth } from "./conformal.ts";
 * const calibration = calibrate({
 *   residuals: Float64Array.from({ length: 1000 }, (_, i) => i - 500),
 *   horizons: new Uint8Array(1000).fill(1),
 *   scales: new Float64Array(1000).fill(100),
 *   origins: new Uint8Array(1000),
 * });
 * console.log(halfWidth(calibration, 0.8, 1, 100)); // 400
 * ```
 */
export function calibrate({ residuals, horizons, scales, origins }: PastResiduals): Calibration {
  if (residuals.length === 0) throw new RangeError("Expected residuals, but found none");
  const sorted = scales.slice().sort();
  const cuts = Array.from(
    { length: SCALES - 1 },
    (_, i) => sorted[Math.floor((i + 1) * sorted.length / SCALES)]!,
  );
  const ends = { horizons: HORIZON_BANDS, scales: [...new Set(cuts)] };
  /** By band of horizons, band of scales, and origin. */
  const scores = [...ends.horizons, Infinity].map(() =>
    [...ends.scales, Infinity].map(() => new Map<number, number[]>())
  );
  const all: number[] = [];
  for (const [row, residual] of residuals.entries()) {
    const scale = scales[row]!, origin = origins[row]!;
    const score = Math.abs(residual) / scale;
    const band = scores[bandOf(ends.horizons, horizons[row]!)]![bandOf(ends.scales, scale)]!;
    const ofOrigin = band.get(origin);
    if (ofOrigin) ofOrigin.push(score);
    else band.set(origin, [score]);
    all.push(score);
  }
  const inOrder = (values: number[]) => values.sort((a, b) => a - b);
  inOrder(all);
  const bands = scores.map((ofHorizon) =>
    ofHorizon.map((band) => {
      const origins = [...band.values()].filter(({ length }) => length >= LEAST_ROWS);
      return [inOrder(origins.flat()), ...origins.map(inOrder)];
    })
  );
  const widths = LEVELS.map((level) => {
    const found: number[][] = [];
    for (const [i, ofHorizon] of bands.entries()) {
      const before = found[i - 1];
      found.push(ofHorizon.map(([together, ...origins], j) => {
        // Where nobody has looked so far ahead yet: as wide as the band before.
        if (origins.length === 0) return before?.[j] ?? coveringQuantile(all, level);
        const widest = Math.max(...origins.map((values) => coveringQuantile(values, level)));
        // What lies farther ahead is no surer, whatever the few origins say that saw it.
        return Math.max((coveringQuantile(together!, level) + widest) / 2, before?.[j] ?? 0);
      }));
    }
    return found;
  });
  return { ...ends, widths };
}

/** Half the width of the interval round a forecast, in USD. */
export function halfWidth(
  calibration: Calibration,
  level: Level,
  horizon: number,
  scale: number,
): number {
  const widths = calibration.widths[LEVELS.indexOf(level)]!;
  const ofHorizon = widths[bandOf(calibration.horizons, horizon)]!;
  return ofHorizon[bandOf(calibration.scales, scale)]! * scale;
}

/** The least value that the share `level` of so many and one more draws stays below. */
function coveringQuantile(sorted: number[], level: number): number {
  const rank = Math.ceil((sorted.length + 1) * level);
  return sorted[Math.min(rank, sorted.length) - 1]!;
}

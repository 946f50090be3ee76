import assert from "node:assert/strict";
import { createRandom } from "../trees/random.ts";
import { calibrate, halfWidth, LEVELS } from "./conformal.ts";

const ROWS = 20_000;

/** Residuals of one origin: uniform in sizes, of twice the spread beyond a quarter. */
function makeResiduals(seed: number, spread = 1) {
  const random = createRandom(seed);
  const uniform = () => random.integer(1e9) / 1e9;
  const scales = Float64Array.from({ length: ROWS }, () => 100 * 2 ** random.integer(6));
  const horizons = Uint8Array.from({ length: ROWS }, () => 1 + random.integer(39));
  const residuals = scales.map((scale, row) =>
    spread * scale * (horizons[row]! > 13 ? 2 : 1) * (2 * uniform() - 1)
  );
  return { residuals, horizons, scales, origins: new Uint8Array(ROWS).fill(seed) };
}

Deno.test("calibrate() gives widths that hold their share of like residuals, by horizon", () => {
  const calibration = calibrate(makeResiduals(1));
  const { residuals, horizons, scales } = makeResiduals(2);
  for (const level of LEVELS) {
    for (const [from, to] of [[1, 4], [5, 13], [14, 26], [27, 39]] as const) {
      let within = 0, rows = 0;
      for (let row = 0; row < ROWS; row++) {
        const horizon = horizons[row]!;
        if (horizon < from || horizon > to) continue;
        rows++;
        const half = halfWidth(calibration, level, horizon, scales[row]!);
        if (Math.abs(residuals[row]!) <= half) within++;
      }
      assert.ok(Math.abs(within / rows - level) < 0.03, `${level}, ${from}: ${within / rows}`);
    }
  }
  // Uniform residuals: the share is the width.
  assert.ok(Math.abs(halfWidth(calibration, 0.8, 1, 400) - 0.8 * 400) < 0.1 * 400);
  assert.ok(Math.abs(halfWidth(calibration, 0.9, 30, 400) - 2 * 0.9 * 400) < 0.2 * 400);
});

Deno.test("calibrate() takes the middle between all rows and the widest of the origins", () => {
  const [calm, wild] = [makeResiduals(1), makeResiduals(2, 3)];
  const both = {
    residuals: Float64Array.of(...calm.residuals, ...wild.residuals),
    horizons: Uint8Array.of(...calm.horizons, ...wild.horizons),
    scales: Float64Array.of(...calm.scales, ...wild.scales),
    origins: Uint8Array.of(...calm.origins, ...wild.origins),
  };
  const half = halfWidth(calibrate(both), 0.8, 2, 400);
  // Half of the rows are within 1, the others within 3: 0.8 of all within 1.8, of the wild 2.4.
  assert.ok(Math.abs(half - (1.8 + 2.4) / 2 * 400) < 0.2 * 400, String(half));
});

Deno.test("calibrate() uses the band before where nobody looked so far ahead", () => {
  const { residuals, horizons, scales, origins } = makeResiduals(3);
  const near = calibrate({ residuals, horizons: horizons.map((h) => 1 + h % 4), scales, origins });
  assert.equal(halfWidth(near, 0.9, 39, 400), halfWidth(near, 0.9, 4, 400));
});

Deno.test("calibrate() knows that few residuals say little: the largest is then the width", () => {
  const few = calibrate({
    residuals: Float64Array.of(-1, 2, 3),
    horizons: [1, 1, 1],
    scales: Float64Array.of(1, 1, 1),
    origins: [0, 0, 0],
  });
  assert.equal(halfWidth(few, 0.9, 1, 1), 3);
  assert.throws(
    () =>
      calibrate({
        residuals: new Float64Array(0),
        horizons: [],
        scales: new Float64Array(0),
        origins: [],
      }),
    /^RangeError: Expected residuals/,
  );
});

Deno.test("calibrate() makes no interval narrower for what lies farther ahead", () => {
  const { residuals, horizons, scales, origins } = makeResiduals(4);
  const calmLater = residuals.map((value, row) => horizons[row]! > 4 ? value / 100 : value);
  const calibration = calibrate({ residuals: calmLater, horizons, scales, origins });
  assert.equal(halfWidth(calibration, 0.8, 30, 400), halfWidth(calibration, 0.8, 4, 400));
});

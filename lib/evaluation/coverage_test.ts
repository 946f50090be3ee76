import assert from "node:assert/strict";
import type { Residuals } from "../intervals/conformal.ts";
import { coverageBy, coverageOf } from "./coverage.ts";

const residuals = (values: number[], sizes: number[], horizons: number[]): Residuals => ({
  residuals: Float64Array.from(values),
  scales: Float64Array.from(sizes),
  horizons,
});

Deno.test("coverageOf() counts what lies within, ends included, and the mean width", () => {
  // Up to 4 weeks ahead a tenth and a fifth of the size, later a half and all of it.
  const calibration = { horizons: [4], scales: [], widths: [[[0.1], [0.5]], [[0.2], [1]]] };
  const now = residuals(
    [10, -10.5, 20, 99, -100, 101, -21, 0],
    [100, 100, 100, 200, 100, 100, 100, 40],
    [1, 4, 2, 5, 30, 5, 4, 5],
  );
  assert.deepEqual(coverageOf(calibration, now), [
    // 10 within 10, 99 within 100, 0 within 20. Widths 20, 20, 20, 200, 100, 100, 20, 40.
    { level: 0.8, coverage: 0.375, mean_width: 65 },
    // Not 101 within 100, nor -21 within 20. Widths are twice these.
    { level: 0.9, coverage: 0.75, mean_width: 130 },
  ]);
});

Deno.test("coverageOf() needs rows", () => {
  const calibration = { horizons: [], scales: [], widths: [[[1]], [[1]]] };
  assert.throws(() => coverageOf(calibration, residuals([], [], [])), RangeError);
});

Deno.test("coverageBy() makes the calibration of the past residuals", () => {
  const hundred = Array.from({ length: 1000 }, () => 100), ones = hundred.map(() => 1);
  const past = {
    ...residuals(hundred.map((_, row) => (row % 2 ? 1 : -1) * (row + 1) / 10), hundred, ones),
    origins: ones,
  };
  const now = residuals([80, -80.5, 90, -90.5], [100, 100, 100, 100], [1, 2, 3, 4]);
  const [narrow, wide] = coverageBy(past, now);
  // Sizes of the residuals are 0.1 to 100: the 801st of them is 80.1, the 901st 90.1.
  assert.deepEqual(narrow, { level: 0.8, coverage: 0.25, mean_width: 160.2 });
  assert.deepEqual(wide, { level: 0.9, coverage: 0.75, mean_width: 180.2 });
});

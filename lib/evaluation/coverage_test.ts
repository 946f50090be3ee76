import assert from "node:assert/strict";
import type { Residuals } from "../intervals/conformal.ts";
import { coverageOf, sliceCoverage } from "./coverage.ts";

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

Deno.test("sliceCoverage() covers each part by itself, and leaves empty ones out", () => {
  const calibration = { horizons: [4], scales: [], widths: [[[0.1], [0.5]], [[0.2], [1]]] };
  const now = residuals([10, 10.5, 99, 101], [100, 100, 200, 100], [1, 4, 5, 5]);
  const horizon = { parts: ["1-4", "5+", "none"], partOfRow: Uint8Array.of(0, 0, 1, 1) };
  const { "1-4": near, "5+": far, ...others } = sliceCoverage({ horizon }, calibration, now)
    .horizon!;
  assert.deepEqual(near![0], { level: 0.8, coverage: 0.5, mean_width: 20 });
  assert.deepEqual(far![1], { level: 0.9, coverage: 0.5, mean_width: 300 });
  assert.deepEqual(others, {});
});

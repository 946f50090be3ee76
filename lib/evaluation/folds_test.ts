import assert from "node:assert/strict";
import {
  chooseShares,
  FOLD_MODELS,
  foldHorizons,
  foldMetrics,
  foldOrigins,
  foldResiduals,
  mix,
} from "./folds.ts";
import { regressionMetrics } from "./metrics.ts";
import { madeUpFolds, smallSales } from "./testing.ts";

const weekly = (weeks: number) => Int32Array.from({ length: weeks }, (_, week) => 7 * week);

Deno.test("foldOrigins() are steps before the last week, the earliest first", () => {
  const settings = { count: 3, step_weeks: 8, horizon_weeks: 39 };
  const weeks = (days: Int32Array, count = 3, step_weeks = 8) =>
    foldOrigins(days, { ...settings, count, step_weeks }).map((day) => day / 7);
  // Week 103 is the last of 104.
  assert.deepEqual(weeks(weekly(104)), [79, 87, 95]);
  assert.deepEqual(weeks(weekly(104), 1, 13), [90]);
  assert.deepEqual(weeks(weekly(104).toReversed(), 2, 1), [101, 102]);
  assert.deepEqual(weeks(Int32Array.of(7 * 20, 7 * 103, 7 * 103), 2, 4), [95, 99]);
});

Deno.test("foldOrigins() each have a year of history", () => {
  const settings = { count: 3, step_weeks: 8, horizon_weeks: 39 };
  const weeks = (count: number) => foldOrigins(weekly(count), settings).map((day) => day / 7);
  // 52 weeks are those from 0 to 51.
  assert.deepEqual(weeks(76), [51, 59, 67]);
  assert.deepEqual(weeks(75), [58, 66]);
  assert.deepEqual(weeks(60), [51]);
  assert.deepEqual(weeks(59), []);
  assert.deepEqual(weeks(27), []);
  assert.deepEqual(foldOrigins(new Int32Array(0), settings), []);
});

// Errors differ by model, and go up and down by row.
const FOLDS = madeUpFolds(
  smallSales(110),
  [9, 4],
  (name, row) => (1 + FOLD_MODELS.indexOf(name)) * (row % 3 - 1.5),
);

Deno.test("foldMetrics() measures each model over all rows, or over those of one origin", () => {
  const { sales, isHoliday, predictions, length } = FOLDS;
  // 12 series; 9 weeks of the first origin, 4 of the second.
  assert.equal(length, 12 * 9 + 12 * 4);
  const all = foldMetrics(FOLDS);
  assert.deepEqual(Object.keys(all), ["seasonal", "rf", "gbr", "blend", "seasonal_naive"]);
  for (const name of FOLD_MODELS) {
    assert.deepEqual(all[name], regressionMetrics(sales, predictions[name], isHoliday));
  }
  const [first, second] = [...new Set(FOLDS.origin)];
  const cut = (values: Float64Array) => values.subarray(0, 12 * 9);
  const rest = (values: Float64Array) => values.subarray(12 * 9);
  for (const [origin, part] of [[first!, cut], [second!, rest]] as const) {
    const { rf, seasonal_naive } = foldMetrics(FOLDS, origin);
    assert.deepEqual(rf, regressionMetrics(part(sales), part(predictions.rf), part(isHoliday)));
    assert.ok(seasonal_naive.mae > 2 * rf.mae);
  }
  // Of errors -3, -1 and 1.
  assert.ok(Math.abs(all.rf.bias + 1) < 1e-9);
});

Deno.test("foldResiduals() are sales less the forecast, with weeks ahead, size and origin", () => {
  const { residuals, horizons, scales, origins } = foldResiduals(FOLDS, "gbr");
  assert.deepEqual(
    Array.from(residuals.subarray(0, 3), (value) => Math.round(10 * value)),
    [45, 15, -15],
  );
  assert.deepEqual(Array.from(horizons).slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
  assert.deepEqual(Array.from(horizons).slice(-4), [1, 2, 3, 4]);
  assert.deepEqual(foldHorizons(FOLDS), horizons);
  assert.equal(scales, FOLDS.scale);
  assert.equal(origins, FOLDS.origin);
});

/** Three forecasts that differ from each other in no regular way. */
const columns = ([7, 11, 13] as const).map((step) =>
  Float64Array.from({ length: 60 }, (_, row) => 100 + 40 * Math.sin(step * row))
) as [Float64Array, Float64Array, Float64Array];
const [seasonal, rf, gbr] = columns;
const isHoliday = new Float64Array(60);

Deno.test("chooseShares() finds the mixture that the sales are", () => {
  const known: [ofSeasonal: number, ofForest: number, ofBoosting: number][] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0.5, 0, 0.5],
    [0.25, 0.625, 0.125],
    [0, 0.125, 0.875],
  ];
  for (const [ofSeasonal, ofForest, ofBoosting] of known) {
    const sales = seasonal.map((value, row) =>
      ofSeasonal * value + ofForest * rf[row]! + ofBoosting * gbr[row]!
    );
    const shares = chooseShares({ sales, isHoliday, predictions: { seasonal, rf, gbr } });
    assert.deepEqual(shares, { rf: ofForest, gbr: ofBoosting });
  }
});

Deno.test("chooseShares() goes by the error that holidays weigh five times in", () => {
  const sales = seasonal.slice();
  // Boosting is right in the first 20 rows alone, the seasonal forecast in the 40 others.
  sales.set(gbr.subarray(0, 20));
  const choose = (isHoliday: Float64Array) =>
    chooseShares({ sales, isHoliday, predictions: { seasonal, rf: seasonal, gbr } });
  assert.deepEqual(choose(isHoliday), { rf: 0, gbr: 0 });
  assert.deepEqual(choose(isHoliday.map((_, row) => row < 20 ? 1 : 0)), { rf: 0, gbr: 1 });
});

Deno.test("chooseShares() takes the simplest of equals", () => {
  const predictions = { seasonal, rf: seasonal, gbr: seasonal };
  assert.deepEqual(chooseShares({ sales: rf, isHoliday, predictions }), { rf: 0, gbr: 0 });
});

Deno.test("mix() is the shares of the learners, and the seasonal forecast for the rest", () => {
  const of = (shares: { rf: number; gbr: number }) =>
    Array.from(
      mix(Float64Array.of(100, 0), Float64Array.of(200, 8), Float64Array.of(60, -16), shares),
    );
  assert.deepEqual(of({ rf: 0, gbr: 0 }), [100, 0]);
  assert.deepEqual(of({ rf: 1, gbr: 0 }), [200, 8]);
  assert.deepEqual(of({ rf: 0, gbr: 1 }), [60, -16]);
  assert.deepEqual(of({ rf: 0.5, gbr: 0.25 }), [140, 0]);
});

import assert from "node:assert/strict";
import type { ForecastMetrics, MetricsAll, SplitStrategy } from "./metrics.ts";
import { summaryTable } from "./summary.ts";

function metrics(
  rmse: number,
  mae: number,
  wmae: number,
  r2: number,
  split: SplitStrategy = "time",
): ForecastMetrics {
  return { rmse, mae, wmae, r2, bias: 0, n: 100, split, skill: 0.1 };
}

const ALL: MetricsAll = {
  rf: { train: metrics(1, 1, 1, 1), val: metrics(6153.4, 3334.2, 1790.5, 0.93234) },
  gbr: { train: metrics(1, 1, 1, 1), val: metrics(4177.1, 1858.6, 2440.9, 0.9625) },
  seasonal_naive: { val: metrics(4266.3, 1950.9, 2034.2, 0.9674) },
};

Deno.test("summaryTable() shows validation, best model first, the baseline last", () => {
  assert.equal(
    summaryTable(ALL, "last 39 weeks", "rmse"),
    `Validation: last 39 weeks, errors in USD a week

model            RMSE    MAE   WMAE      R2  WMAE vs naive
gbr             4,177  1,859  2,441  0.9625        +20.0 %
rf              6,153  3,334  1,791  0.9323        -12.0 %
seasonal_naive  4,266  1,951  2,034  0.9674

Note: gbr does not beat the same week of last year by WMAE (+20.0 %).
Note: rf does not beat the same week of last year by RMSE (+44.2 %) and MAE (+70.9 %).`,
  );
});

Deno.test("summaryTable() sorts by the metric that selects", () => {
  const lines = summaryTable(ALL, "last 39 weeks", "wmae").split("\n");
  assert.match(lines[3]!, /^rf /);
  assert.match(lines.at(-2)!, /^Note: rf /);
});

Deno.test("summaryTable() names each model that loses, the best or not, and no other", () => {
  const all = { ...ALL, gbr: { val: metrics(4000, 1900, 2000, 0.97) } };
  assert.deepEqual(summaryTable(all, "last 39 weeks", "rmse").match(/^Note: .*$/gm), [
    "Note: rf does not beat the same week of last year by RMSE (+44.2 %) and MAE (+70.9 %).",
  ]);
});

Deno.test("summaryTable() has no note where every model beats the baseline throughout", () => {
  const all = {
    rf: { val: metrics(4100, 1900, 2001, 0.97) },
    gbr: { val: metrics(4000, 1900, 2000, 0.97) },
    seasonal_naive: ALL["seasonal_naive"]!,
  };
  assert.doesNotMatch(summaryTable(all, "last 39 weeks", "rmse"), /Note/);
});

Deno.test("summaryTable() says that figures of a random split are no forecast", () => {
  const all: MetricsAll = {
    gbr: { val: metrics(40, 19, 20, 0.97, "random") },
    seasonal_naive: { val: metrics(99.5, 100, 123, 0.9, "random") },
  };
  const text = summaryTable(all, "random 20 % of the rows (not a forecast)", "rmse");
  assert.match(
    text,
    /^Validation: random 20 % of the rows \(not a forecast\), errors in USD a week$/m,
  );
  assert.match(text, /tell nothing about forecasting/);
  assert.match(text, /^seasonal_naive +99\.50/m);
});

Deno.test("summaryTable() shows the folds and the model that they choose, where there are any", () => {
  const folds = { rf: 1500, gbr: 1600, seasonal_naive: 2000 };
  const all = Object.fromEntries(
    Object.entries(ALL).map(([name, metricsOfModel]) => [
      name,
      { ...metricsOfModel, folds: metrics(5000, 2500, folds[name as keyof typeof folds], 0.9) },
    ]),
  );
  const lines = summaryTable(all, "last 39 weeks", "wmae").split("\n");
  assert.match(lines[2]!, /WMAE vs naive +folds: WMAE +vs naive$/);
  assert.match(lines[3]!, /^rf .* -12\.0 % +1,500 +-25\.0 %$/);
  assert.match(lines[5]!, /^seasonal_naive .* 2,000$/);
  assert.match(lines[7]!, /^Chosen: rf, the best by wmae on the folds/);
});

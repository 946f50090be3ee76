import assert from "node:assert/strict";
import type { SalesTable } from "../dataset/sales_table.ts";
import type { FeatureColumns } from "../features/table.ts";
import { regressionMetrics } from "../evaluation/metrics.ts";
import { spreadOf } from "../evaluation/spread.ts";
import { weeklyTotals } from "../evaluation/weeks.ts";
import { type ChartInput, drawCharts } from "./draw_charts.ts";

/**
 * Pictures as they should be. After a change that is meant, write them anew and look at them:
 *
 *     deno test -A lib/charts/draw_charts_test.ts -- --update
 */
const SNAPSHOTS = new URL("./__snapshots__/", import.meta.url);

/** Rows of `series` series in `weeks` weeks; sales from -100 to some 100,000 USD. */
function makeInput(series: number, weeks: number, splitLabel = `last ${weeks} weeks`): ChartInput {
  let state = 1;
  const noise = () => (state = state * 16807 % 2147483647) / 2147483647 - 0.5;
  const length = series * weeks;
  const sales = new Float64Array(length);
  const day = new Int32Array(length);
  const isHoliday = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const week = row % weeks;
    const size = (1 + Math.floor(row / weeks)) ** 3;
    day[row] = 15282 + 7 * week;
    isHoliday[row] = week % 13 === 3 ? 1 : 0;
    const season = isHoliday[row] === 1 ? 1.5 : 1 + (week % 8) / 20;
    sales[row] = Math.round((size * season * (30 + 10 * noise()) - 100) * 100) / 100;
  }
  const predict = (spread: number, factor: number) =>
    sales.map((value) => factor * value * (1 + spread * noise()) + 200 * noise());
  const predictions = {
    rf: predict(0.6, 0.97),
    gbr: predict(0.3, 1),
    seasonal_naive: predict(0.4, 0.94),
  };
  const features = { IsHoliday: isHoliday } as Partial<FeatureColumns> as FeatureColumns;
  const validation: SalesTable = { length, day, sales, features };
  const metrics = Object.fromEntries(
    Object.entries(predictions).map(([name, predicted]) => [
      name,
      regressionMetrics(sales, predicted, isHoliday),
    ]),
  );
  const importance = {
    rf: { Dept: 0.6, Store: 0.25, Size: 0.1, Week: 0.05, MarkDown1: 0 },
    gbr: { Dept: 0.5, Store: 0.2, Size: 0.05, Week: 0.25, MarkDown1: 0 },
  };
  const input = { validation, splitLabel, metrics, predictions, importance, curves: {} };
  return { ...input, ...count(input) };
}

/** What is counted of predictions. */
function count(
  { validation: { day, sales }, predictions }: Pick<ChartInput, "validation" | "predictions">,
): Pick<ChartInput, "totals" | "spreads"> {
  return {
    totals: weeklyTotals(day, sales, predictions),
    spreads: Object.fromEntries(
      Object.entries(predictions).map(([name, predicted]) => [name, spreadOf(sales, predicted)]),
    ),
  };
}

/** Draws and fails where Vega warns. */
async function drawWithoutWarnings(input: ChartInput): Promise<Record<string, string>> {
  const warn = console.warn;
  const warnings: unknown[] = [];
  console.warn = (...args: unknown[]) => warnings.push(args.join(" "));
  try {
    const pictures = await drawCharts(input);
    assert.deepEqual(warnings, []);
    return pictures;
  } finally {
    console.warn = warn;
  }
}

Deno.test("drawCharts() draws the pictures of __snapshots__ (--update writes them)", async () => {
  const pictures = await drawWithoutWarnings(makeInput(15, 30));
  if (Deno.args.includes("--update")) {
    await Deno.remove(SNAPSHOTS, { recursive: true }).catch(() => {});
    await Deno.mkdir(SNAPSHOTS);
    for (const [name, svg] of Object.entries(pictures)) {
      await Deno.writeTextFile(new URL(name, SNAPSHOTS), svg);
    }
  }
  const expected: string[] = [];
  for await (const { name } of Deno.readDir(SNAPSHOTS)) expected.push(name);
  assert.deepEqual(Object.keys(pictures).sort(), expected.sort());
  for (const [name, svg] of Object.entries(pictures)) {
    const snapshot = await Deno.readTextFile(new URL(name, SNAPSHOTS));
    assert.ok(
      svg === snapshot,
      `${name} differs from its snapshot. If that is meant: ` +
        "deno test -A lib/charts/draw_charts_test.ts -- --update",
    );
  }
});

Deno.test("drawCharts() names the split in every picture", async () => {
  const label = "random 20 % of the rows (not a forecast)";
  for (const [name, svg] of Object.entries(await drawWithoutWarnings(makeInput(3, 70, label)))) {
    assert.ok(svg.includes(label), name);
  }
});

Deno.test("drawCharts() keeps pictures below 100 kB on 100,000 rows", async () => {
  for (const [name, svg] of Object.entries(await drawWithoutWarnings(makeInput(700, 143)))) {
    assert.ok(svg.length < 100_000, `${name}: ${svg.length}`);
  }
});

Deno.test("drawCharts() draws one row, constant sales and perfect predictions", async () => {
  const one = makeInput(1, 1);
  const constant = makeInput(2, 5);
  constant.validation.sales.fill(0);
  for (const predicted of Object.values(constant.predictions)) predicted.fill(0);
  for (const name of Object.keys(constant.metrics)) {
    constant.metrics[name] = { rmse: 0, mae: 0, wmae: 0, r2: 1, bias: 0, n: 10 };
  }
  Object.assign(constant, count(constant));
  constant.importance = { rf: { Dept: 0, Store: 0 } };
  for (const input of [one, constant]) {
    for (const [name, svg] of Object.entries(await drawWithoutWarnings(input))) {
      assert.doesNotMatch(svg, /NaN|undefined|Infinity|null/, name);
    }
  }
});

Deno.test("drawCharts() compares the models on the folds where there are any", async () => {
  const input = makeInput(3, 10), label = "folds, forecast from 2011-10-28 and 2011-12-23";
  const metrics = Object.fromEntries(
    Object.entries(input.metrics).map(([name, metrics]) => [name, { ...metrics, n: 4321 }]),
  );
  const pictures = await drawWithoutWarnings({ ...input, folds: { metrics, label } });
  const picture = pictures["model_comparison_folds.svg"]!;
  assert.ok(picture.includes(label) && picture.includes("4,321 rows"));
  delete pictures["model_comparison_folds.svg"];
  assert.deepEqual(pictures, await drawWithoutWarnings(input));
});

Deno.test("drawCharts() draws no importance of a model that learns no features", async () => {
  const { importance, ...input } = makeInput(3, 10);
  const pictures = await drawWithoutWarnings({ ...input, importance: { ...importance, rf: {} } });
  const files = Object.keys(pictures);
  assert.ok(files.includes("feature_importance_gbr.svg"));
  assert.equal(files.includes("feature_importance_rf.svg"), false);
  assert.ok(files.includes("residual_histogram_rf.svg"));
});

Deno.test("drawCharts() draws a model whose name it does not know", async () => {
  const { predictions: { rf, seasonal_naive }, metrics, importance, ...input } = makeInput(3, 10);
  const predictions = { svd: rf!, seasonal_naive: seasonal_naive! };
  const pictures = await drawWithoutWarnings({
    ...input,
    predictions,
    ...count({ ...input, predictions }),
    metrics: { svd: metrics["rf"]!, seasonal_naive: metrics["seasonal_naive"]! },
    importance: { svd: importance["rf"]! },
  });
  assert.deepEqual(Object.keys(pictures), [
    "model_comparison.svg",
    "total_by_week.svg",
    "predicted_vs_actual_svd.svg",
    "residual_histogram_svd.svg",
    "residuals_over_time_svd.svg",
    "feature_importance_svd.svg",
  ]);
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { TopLevelSpec } from "vega-lite";
import { countResiduals } from "../evaluation/count_residuals.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import { salesGrid } from "../evaluation/sales_grid.ts";
import { featureImportance } from "./feature_importance.ts";
import { modelComparison } from "./model_comparison.ts";
import { predictedVsActual } from "./predicted_vs_actual.ts";
import { residualHistogram } from "./residual_histogram.ts";
import { residualsOverTime } from "./residuals_over_time.ts";
import { totalByWeek } from "./total_by_week.ts";

/** All data rows of a spec, its layers and panels, in their order. */
function rowsOf(spec: TopLevelSpec): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  JSON.stringify(spec, (key, value) => {
    if (key === "values" && typeof value[0] === "object") rows.push(...value);
    return value;
  });
  return rows;
}

const subtitleOf = (spec: TopLevelSpec) => (spec.title as { subtitle: string[] }).subtitle;

const sales = fc.array(
  fc.integer({ min: -1e6, max: 1e8 }).map((cents) => cents / 100),
  { minLength: 1, maxLength: 200 },
).map((values) => Float64Array.from(values));

Deno.test("predictedVsActual() counts each row in the cell that holds it", () => {
  fc.assert(fc.property(sales, (actual) => {
    const predicted = actual.toReversed();
    const cells = rowsOf(predictedVsActual("rf", salesGrid(actual, predicted), "")).filter((
      { rows },
    ) => rows);
    assert.equal(cells.reduce((sum, { rows }) => sum + Number(rows), 0), actual.length);
    actual.forEach((value, row) => {
      // Edges are made by exp and log: a value on one may fall to either side.
      const within = (value: number, low: unknown, high: unknown) => {
        const slack = 1e-9 * (1 + Math.abs(value));
        return value >= Number(low) - slack && value <= Number(high) + slack;
      };
      assert.ok(
        cells.some(({ x, x2, y, y2 }) => within(value, x, x2) && within(predicted[row]!, y, y2)),
      );
    });
  }));
});

Deno.test("residualHistogram() counts each row in a bar or among those it says are not shown", () => {
  fc.assert(fc.property(sales, (residuals) => {
    const spec = residualHistogram("rf", residuals, countResiduals(residuals), "");
    const shown = rowsOf(spec).reduce((sum, { rows }) => sum + Number(rows ?? 0), 0);
    const note = /rows \(([\d,]+)\)/.exec(subtitleOf(spec)[1]!);
    const outside = note ? Number(note[1]!.replaceAll(",", "")) : 0;
    assert.equal(shown + outside, residuals.length);
    assert.ok(outside <= Math.ceil(residuals.length * 0.02));
  }));
});

Deno.test("residualHistogram() says how many rows lie beyond its ends", () => {
  const residuals = Float64Array.from({ length: 1000 }, (_, row) => row % 2 === 0 ? 10 : -10);
  residuals[0] = 1e6;
  const spec = residualHistogram("gbr", residuals, countResiduals(residuals), "last 3 weeks");
  assert.deepEqual(subtitleOf(spec), [
    "Validation: last 3 weeks, 1,000 rows. Mean 1,000 USD, median 0 USD.",
    "Not shown: 0.1 % of the rows (1), which lie beyond ±10 USD.",
  ]);
});

Deno.test("residualsOverTime() gives mean and 10 % to 90 % of each week", () => {
  const day = Int32Array.of(14652, 14645, 14652, 14652);
  const residuals = Float64Array.of(10, -5, 20, 60);
  const spec = residualsOverTime("rf", day, residuals, Float64Array.of(1, 0, 1, 1), "last 2 weeks");
  const weeks = rowsOf(spec).filter(({ time }) => time !== undefined);
  assert.deepEqual(weeks, [
    { time: Date.UTC(2010, 1, 5), mean: -5, low: -5, high: -5, holiday: false },
    { time: Date.UTC(2010, 1, 12), mean: 30, low: 12, high: 52, holiday: true },
  ]);
  assert.match(spec.description!, /30 USD, in the week of 2010-02-12/);
});

Deno.test("totalByWeek() shows million USD, and draws the actual line last, above the others", () => {
  const spec = totalByWeek({
    days: Int32Array.of(14645),
    actual: Float64Array.of(48_000_000),
    predicted: { rf: Float64Array.of(47e6), seasonal_naive: Float64Array.of(46e6) },
  }, "last week");
  assert.deepEqual(rowsOf(spec).map(({ line, total }) => [line, total]), [
    ["Seasonal naive", 46],
    ["Random forest (rf)", 47],
    ["Actual", 48],
  ]);
});

Deno.test("featureImportance() sorts by share, then by name", () => {
  const spec = featureImportance("gbr", { Week: 0.25, Year: 0, Dept: 0.75, CPI: 0 }, "last week");
  assert.deepEqual(rowsOf(spec).map(({ feature, label }) => [feature, label]), [
    ["Dept", "75.0 %"],
    ["Week", "25.0 %"],
    ["CPI", "0.0 %"],
    ["Year", "0.0 %"],
  ]);
});

Deno.test("modelComparison() says by how much each error differs from the baseline's", () => {
  const metrics = (rmse: number, r2: number): Metrics => {
    return { rmse, mae: rmse / 2, wmae: rmse / 2, r2, bias: 0, n: 1234 };
  };
  const spec = modelComparison({
    rf: metrics(5000, 0.9),
    gbr: metrics(3000, 0.95),
    seasonal_naive: metrics(4000, 0.94),
  }, "last 39 weeks");
  const labels = rowsOf(spec).flatMap(({ label }) => label ?? []);
  assert.deepEqual(labels.slice(0, 3), ["5,000 (+25 %)", "3,000 (−25 %)", "4,000"]);
  assert.deepEqual(labels.slice(-3), ["0.900", "0.950", "0.940"]);
  assert.match(subtitleOf(spec)[0]!, /^Validation: last 39 weeks, 1,234 rows\./);
});

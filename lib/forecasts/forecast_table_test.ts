import assert from "node:assert/strict";
import { parseDay } from "../features/calendar.ts";
import { HALF_WIDTHS, smallModel, smallSales } from "../evaluation/testing.ts";
import { decodeModel } from "../model/json.ts";
import { predict } from "../model/predict.ts";
import { forecastCsv, forecastKeys, makeForecasts } from "./forecast_table.ts";
import { recordColumns } from "./record_columns.ts";
import { submissionCsv } from "./submission.ts";

const model = await decodeModel(await smallModel("rf", {}, smallSales(100)));
const { origin } = model.outlook;
const STORES = new Map([1, 2, 3].map((store) => [store, { type: store - 1, size: 1000 * store }]));
const weeks = [1, 2, 3, 4].flatMap((store) =>
  [1, 2].map((ahead) => ({ store, day: origin + 7 * ahead, isHoliday: ahead - 1 }))
);

Deno.test("forecastKeys() lists every department that a store has sold, in each of its weeks", () => {
  const keys = forecastKeys(model, weeks);
  // 12 series x 2 weeks; store 4 has never sold.
  assert.equal(keys.length, 24);
  assert.deepEqual(keys[0], { store: 1, department: 1, day: origin + 7, isHoliday: 0 });
  assert.deepEqual(keys[3], { store: 1, department: 2, day: origin + 14, isHoliday: 1 });
  assert.equal(new Set(keys.map((key) => JSON.stringify(key))).size, 24);
});

Deno.test("makeForecasts() gives the model's forecasts to the cent, with its intervals", () => {
  const keys = forecastKeys(model, weeks);
  const { amounts, basis } = makeForecasts(model, keys, STORES);
  const predictions = predict(model, recordColumns(keys, STORES));
  assert.deepEqual(Object.keys(amounts), [
    "forecast",
    "lower_80",
    "upper_80",
    "lower_90",
    "upper_90",
  ]);
  for (const [row, prediction] of predictions.entries()) {
    const size = model.outlook.size[row >> 1]!;
    const at = (name: string) => amounts[name]![row]!;
    assert.equal(at("forecast"), Math.round(prediction * 100) / 100);
    assert.ok(Math.abs(at("upper_80") - at("forecast") - HALF_WIDTHS[0] * size) < 0.02);
    assert.ok(Math.abs(at("forecast") - at("lower_90") - HALF_WIDTHS[1] * size) < 0.02);
    // Department 4 of store 3 has not sold a year ago.
    const { store, department } = keys[row]!;
    assert.equal(basis[row], store === 3 && department === 4 ? "filled" : "seasonal");
  }
});

Deno.test("forecastCsv() and submissionCsv() write a line for each key", () => {
  const keys = [{ store: 2, department: 3, day: parseDay("2012-11-23")!, isHoliday: 1 }];
  const amounts = { forecast: Float64Array.of(1234.5), lower_80: Float64Array.of(-0.25) };
  assert.equal(
    forecastCsv({ keys, amounts, basis: ["recent"] }),
    "Store,Dept,Date,IsHoliday,forecast,lower_80,basis\n2,3,2012-11-23,TRUE,1234.50,-0.25,recent\n",
  );
  assert.equal(
    submissionCsv(keys, amounts.forecast),
    "Id,Weekly_Sales\n2_3_2012-11-23,1234.50\n",
  );
});

Deno.test("recordColumns() knows keys, calendar and stores, and nothing that is not known yet", () => {
  const columns = recordColumns([
    { store: 2, department: 7, day: parseDay("2012-12-28")!, isHoliday: 1 },
    { store: 9, department: 7, day: parseDay("2013-01-04")!, isHoliday: 0 },
  ], STORES);
  const row = (at: number) => Object.values(columns).map((column) => column[at]);
  const no = NaN;
  // In the order of the feature table.
  assert.deepEqual(row(0), [2, 7, 1, no, no, no, no, no, no, no, no, no, 1, 2000, 2012, 12, 52]);
  assert.deepEqual(row(1), [9, 7, 0, no, no, no, no, no, no, no, no, no, no, no, 2013, 1, 1]);
});

import assert from "node:assert/strict";
import { CANDIDATES } from "../../candidates.ts";
import { smallModel, smallSales } from "../../evaluation/testing.ts";
import { isoWeek, monthOf, yearOf } from "../../features/calendar.ts";
import type { FeatureColumns } from "../../features/table.ts";
import { LEVELS } from "../../intervals/conformal.ts";
import { readParams } from "../../params.ts";
import { fitCandidates } from "../fit_candidates.ts";
import { decodeModel } from "../json.ts";
import type { Model } from "../model.ts";
import { forecast, intervals } from "../predict.ts";
import { FIRST_DAY, makeColumns } from "../testing.ts";
import { encodeOnnx, ONNX_INPUTS, ONNX_OUTPUTS } from "./encode.ts";
import { runOnnx } from "./testing.ts";

const table = smallSales(130);

/** Models whose trees, history and intervals are all of their own. */
async function fitModels(): Promise<Model[]> {
  const params = await readParams();
  const small = { n_estimators: 6, min_samples_leaf: 5 };
  const fitted = await fitCandidates(
    table,
    { ...params, rf: { ...params.rf, ...small }, gbr: { ...params.gbr, ...small } },
    { rf: 0.25, gbr: 0.5 },
  );
  const whole = await decodeModel(await smallModel("seasonal"), "test");
  return CANDIDATES.map((name) => ({
    ...whole,
    name,
    ...fitted.corrections[name],
    outlook: fitted.outlook,
    intervals: {
      horizons: [4, 13],
      scales: [1000, 4000],
      widths: LEVELS.map((level) => [1, 2, 3].map((h) => [1, 2, 3].map((s) => level * h / s))),
    },
  }));
}

/** As {@linkcode forecast} and {@linkcode intervals} give it, by name of the output. */
function expected(model: Model, columns: FeatureColumns): Record<string, Float64Array> {
  const forecasts = forecast(model, columns);
  const outputs = { Weekly_Sales: forecasts.predictions } as Record<string, Float64Array>;
  for (const level of LEVELS) {
    const { lower, upper } = intervals(model, forecasts, level);
    outputs[`lower_${level * 100}`] = lower;
    outputs[`upper_${level * 100}`] = upper;
  }
  return outputs;
}

/** Known and unknown stores and departments in all weeks of many years. */
function farColumns(): FeatureColumns {
  const weeks = 52 * 40,
    stores = [1, 3, 3, 2, 77, 1, 9999, 1, 3, 2 ** 44 + 2],
    // The last ones are none that a record may name, and must not be taken for another store's.
    departments = [1, 4, 2, 99, 3, 4, 9999, 10_001, -9_999, 1];
  const day = (row: number) => FIRST_DAY + 7 * (Math.floor(row / stores.length) - weeks / 2);
  return makeColumns(weeks * stores.length, {
    Store: (row) => stores[row % stores.length]!,
    Dept: (row) => departments[row % stores.length]!,
    IsHoliday: (row) => row % 11 === 0 ? 1 : 0,
    Type: (row) => row % 4 === 3 ? NaN : row % 4,
    Size: (row) => 30_000 + row,
    Year: (row) => yearOf(day(row)),
    Month: (row) => monthOf(day(row)),
    Week: (row) => isoWeek(day(row)),
  });
}

Deno.test("encodeOnnx() gives the very forecasts and intervals of the model", async (t) => {
  const models = await fitModels();
  for (const model of models) {
    await t.step(model.name, async () => {
      const bytes = encodeOnnx(model);
      for (const columns of [table.features, farColumns()]) {
        const found = await runOnnx(bytes, columns);
        assert.deepEqual(Object.keys(found), ONNX_OUTPUTS.map(({ name }) => name));
        // Not deepEqual(), which takes minutes to tell what differs among so many.
        for (const [name, values] of Object.entries(expected(model, columns))) {
          const row = values.findIndex((value, row) => !Object.is(value, found[name]![row]));
          assert.equal(row, -1, `${name}: ${found[name]![row]}, expected ${values[row]}`);
        }
      }
    });
  }
});

Deno.test("encodeOnnx() gives NaN for weeks that the year does not have, and for no other row", async () => {
  const [model] = await fitModels();
  const weeks = [[2012, 11, 47], [2012, 12, 53], [2012, 13, 1], [1899, 1, 1], [2201, 1, 1], [
    2012,
    1,
    0,
  ], [2012, 1, 54]] as const;
  const { Weekly_Sales, lower_80 } = await runOnnx(
    encodeOnnx(model!),
    makeColumns(weeks.length, {
      Store: () => 1,
      Dept: () => 1,
      IsHoliday: () => 0,
      Size: () => 1,
      Year: (row) => weeks[row]![0],
      Month: (row) => weeks[row]![1],
      Week: (row) => weeks[row]![2],
    }),
  );
  const isMissing = [false, true, false, true, true, true, true];
  assert.deepEqual(Array.from(Weekly_Sales!, Number.isNaN), isMissing);
  assert.deepEqual(Array.from(lower_80!, Number.isNaN), isMissing);
});

Deno.test("encodeOnnx() gives equal bytes for equal models", async () => {
  const text = await smallModel("gbr");
  const encode = async () => encodeOnnx(await decodeModel(text, "test"));
  assert.deepEqual(await encode(), await encode());
});

Deno.test("ONNX_INPUTS are the 17 fields of a record, whole numbers where none may be missing", () => {
  assert.deepEqual(
    ONNX_INPUTS.map(({ name, type }) => `${name} ${type}`).join(", "),
    "Store int64, Dept int64, IsHoliday bool, Temperature double, Fuel_Price double, " +
      "MarkDown1 double, MarkDown2 double, MarkDown3 double, MarkDown4 double, MarkDown5 double, " +
      "CPI double, Unemployment double, Type string, Size int64, Year int64, Month int64, " +
      "Week int64",
  );
});

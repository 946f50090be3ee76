import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { forecastCsv, type ForecastTable } from "../forecasts/forecast_table.ts";
import { encodeForecasts } from "./forecast_parquet.ts";

const TABLE: ForecastTable = {
  keys: [
    { store: 1, department: 7, day: 14645, isHoliday: 0 },
    { store: 45, department: 99, day: 14652, isHoliday: 1 },
  ],
  amounts: {
    forecast: Float64Array.of(250, -12.25),
    lower_80: Float64Array.of(200.5, -20),
    upper_80: Float64Array.of(299.99, 0),
    lower_90: Float64Array.of(180, -40.5),
    upper_90: Float64Array.of(320, 16.75),
  },
  basis: ["seasonal", "department"],
};

function decode(table: ForecastTable) {
  return pl.readParquet(encodeForecasts(table) as Parameters<typeof pl.readParquet>[0]);
}

Deno.test("encodeForecasts() makes the columns of forecastCsv(), in its order", () => {
  const [header] = forecastCsv(TABLE).split("\n");
  assert.equal(decode(TABLE).columns.join(","), header);
});

Deno.test("encodeForecasts() makes dates, whole numbers, flags, amounts and texts", () => {
  const types = Object.entries(decode(TABLE).schema).map(([name, type]) => [name, String(type)]);
  assert.deepEqual(Object.fromEntries(types), {
    Store: String(pl.Int32),
    Dept: String(pl.Int32),
    Date: String(pl.Date),
    IsHoliday: String(pl.Bool),
    forecast: String(pl.Float64),
    lower_80: String(pl.Float64),
    upper_80: String(pl.Float64),
    lower_90: String(pl.Float64),
    upper_90: String(pl.Float64),
    basis: String(pl.String),
  });
});

Deno.test("encodeForecasts() keeps the values of each row", () => {
  const records = decode(TABLE).toRecords() as Record<string, unknown>[];
  assert.equal(records.length, 2);
  assert.deepEqual(records[1], {
    Store: 45,
    Dept: 99,
    Date: new Date("2010-02-12"),
    IsHoliday: true,
    forecast: -12.25,
    lower_80: -20,
    upper_80: 0,
    lower_90: -40.5,
    upper_90: 16.75,
    basis: "department",
  });
});

import assert from "node:assert/strict";
import type { SalesTable } from "../dataset/sales_table.ts";
import type { FeatureColumns } from "../features/table.ts";
import { predictionsCsv } from "./predictions_csv.ts";

Deno.test("predictionsCsv() writes keys, date, amounts to the cent and actual - prediction", () => {
  const features = { Store: Float64Array.of(1, 45), Dept: Float64Array.of(99, 2) };
  const table: SalesTable = {
    length: 2,
    day: Int32Array.of(14645, 15551),
    sales: Float64Array.of(24924.5, -12.25),
    features: features as FeatureColumns,
  };
  assert.equal(
    predictionsCsv(table, Float64Array.of(24000.123, -12.249)),
    "Store,Dept,Date,actual,prediction,residual\n" +
      "1,99,2010-02-05,24924.50,24000.12,924.38\n" +
      "45,2,2012-07-30,-12.25,-12.25,0.00\n",
  );
});

import assert from "node:assert/strict";
import { RAW_TABLES } from "./raw_tables.ts";

Deno.test("RAW_TABLES name Kaggle's columns, as the feature table has them", () => {
  const columns = (table: keyof typeof RAW_TABLES) =>
    RAW_TABLES[table].columns.map(({ name }) => name).join();
  assert.equal(columns("train"), "Store,Dept,IsHoliday,Date,Weekly_Sales");
  assert.equal(
    columns("features"),
    "Store,Date,Temperature,Fuel_Price,MarkDown1,MarkDown2,MarkDown3,MarkDown4,MarkDown5,CPI," +
      "Unemployment,IsHoliday",
  );
  assert.equal(columns("stores"), "Store,Type,Size");
});

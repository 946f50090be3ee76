import assert from "node:assert/strict";
import { FEATURES } from "./table.ts";

Deno.test("FEATURES names the 17 fields of a record, each once", () => {
  assert.deepEqual(FEATURES.map(({ name }) => name), [
    "Store",
    "Dept",
    "IsHoliday",
    "Temperature",
    "Fuel_Price",
    "MarkDown1",
    "MarkDown2",
    "MarkDown3",
    "MarkDown4",
    "MarkDown5",
    "CPI",
    "Unemployment",
    "Type",
    "Size",
    "Year",
    "Month",
    "Week",
  ]);
});

import assert from "node:assert/strict";
import { DERIVED_FEATURES, FEATURES, LEARNED_FEATURES } from "./table.ts";

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

Deno.test("LEARNED_FEATURES leaves out what nobody knows ahead, and the year", () => {
  const learned = LEARNED_FEATURES.map(({ name }) => name);
  assert.deepEqual(learned.slice(0, 7), [
    "Store",
    "Dept",
    "IsHoliday",
    "Type",
    "Size",
    "Month",
    "Week",
  ]);
  assert.deepEqual(learned.slice(7), DERIVED_FEATURES.map(({ name }) => name));
  assert.equal(new Set(learned).size, learned.length);
  assert.ok(
    FEATURES.filter(({ learned }) => !learned).every(({ name, source }) =>
      source === "features" || name === "Year"
    ),
  );
});

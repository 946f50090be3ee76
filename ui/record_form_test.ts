import assert from "node:assert/strict";
import { FEATURES } from "../lib/features/table.ts";
import { checkForm, formOf, formQuery, GROUPS, hintOf, readForm } from "./record_form.ts";

const FORM = formOf({
  Store: 1,
  Dept: 2,
  IsHoliday: false,
  Type: "A",
  Size: 10,
  Year: 2012,
  Month: 1,
  Week: 2,
});

Deno.test("GROUPS hold every feature once", () => {
  assert.deepEqual(
    GROUPS.flatMap(({ features }) => features.map(({ name }) => name)).sort(),
    FEATURES.map(({ name }) => name).sort(),
  );
});

Deno.test("checkForm() gives the record, and a sentence for each wrong field", () => {
  assert.deepEqual(checkForm(FORM).errors, {});
  assert.equal(checkForm(FORM).record.CPI, null);
  assert.deepEqual(checkForm({ ...FORM, Store: "", Week: "54", CPI: "much" }).errors, {
    Store: "This is needed: a whole number from 1 to 9999.",
    Week: "Give a whole number from 1 to 53.",
    CPI: "Give a number from 0 to 10000.",
  });
});

Deno.test("readForm() reads what formQuery() writes, empty fields too", () => {
  const query = new URLSearchParams(formQuery("gbr", FORM));
  assert.deepEqual(readForm((name) => query.get(name), { ...FORM, CPI: "200" }), FORM);
});

Deno.test("hintOf() tells ranges", () => {
  const [store] = FEATURES;
  assert.equal(hintOf(store), "Number of the store. From 1 to 9,999, whole numbers.");
});

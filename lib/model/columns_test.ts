import assert from "node:assert/strict";
import { DERIVED_FEATURES, LEARNED_FEATURES } from "../features/table.ts";
import type { Derived } from "../history/derive.ts";
import { columnsOf, learnedColumns } from "./columns.ts";
import { makeColumns } from "./testing.ts";

const record = makeColumns(1, { Store: () => 1, Size: () => 2, CPI: () => 3 });
const derived = Object.fromEntries(
  DERIVED_FEATURES.map(({ name }, i) => [name, Float64Array.of(100 + i)]),
) as Derived["columns"];

Deno.test("learnedColumns() gives all learned features, in the table's order", () => {
  const columns = learnedColumns(record, derived);
  assert.equal(columns.length, LEARNED_FEATURES.length);
  for (const [i, { name }] of LEARNED_FEATURES.entries()) {
    assert.equal(columns[i], { ...record, ...derived }[name], name);
  }
});

Deno.test("columnsOf() gives the named columns of record and history, in the order of the names", () => {
  assert.deepEqual(
    columnsOf(["Lag_52", "Store", "CPI", "Size"], record, derived).map(([value]) => value),
    [100 + DERIVED_FEATURES.findIndex(({ name }) => name === "Lag_52"), 1, 3, 2],
  );
  assert.deepEqual(columnsOf([], record, derived), []);
});

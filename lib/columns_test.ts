import assert from "node:assert/strict";
import { joinColumns, makeColumns } from "./columns.ts";

Deno.test("makeColumns() makes columns that do not overlap", () => {
  const columns = makeColumns(["a", "b", "c"], 2);
  for (const [i, column] of Object.values(columns).entries()) column.fill(i + 1);
  assert.deepEqual(columns, {
    a: Float64Array.of(1, 1),
    b: Float64Array.of(2, 2),
    c: Float64Array.of(3, 3),
  });
  assert.deepEqual(makeColumns(["a"], 0), { a: new Float64Array(0) });
});

Deno.test("joinColumns() puts columns one behind the other", () => {
  assert.deepEqual(joinColumns([[1, 2], [], Float64Array.of(3)]), Float64Array.of(1, 2, 3));
});

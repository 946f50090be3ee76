import assert from "node:assert/strict";
import { smallSales } from "../evaluation/testing.ts";
import { selectRows } from "../model/training_rows.ts";
import { joinSales } from "./sales_table.ts";

Deno.test("joinSales() has the rows of both tables, whole, the first one's first", () => {
  const table = smallSales(20);
  const cut = table.day[12]!;
  const [first, second] = [
    selectRows(table, (day) => day <= cut),
    selectRows(table, (day) => day > cut),
  ];
  const joined = joinSales(first, second);
  assert.equal(joined.length, 11 * 20);
  assert.equal(first.length, 11 * 13);
  assert.ok(joined.day instanceof Int32Array);
  assert.deepEqual(selectRows(joined, (day) => day <= cut), first);
  assert.deepEqual(selectRows(joined, (day) => day > cut), second);
  assert.deepEqual(joined.day.subarray(first.length), second.day);
  assert.deepEqual(joined.sales.subarray(0, first.length), first.sales);
  assert.equal(joined.features.Unemployment[first.length + 1], second.features.Unemployment[1]);
});

Deno.test("joinSales() takes tables without rows, and leaves both as they were", () => {
  const table = smallSales(3), none = selectRows(table, () => false);
  assert.equal(none.length, 0);
  assert.deepEqual(joinSales(table, none), table);
  assert.deepEqual(joinSales(none, table), table);
  assert.deepEqual(joinSales(none, none), none);
  const joined = joinSales(table, table);
  joined.sales.fill(0);
  assert.deepEqual(table, smallSales(3));
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { cell, fixed, flag } from "./csv.ts";

Deno.test("fixed() writes the decimals of whole units", () => {
  assert.deepEqual(
    [0, 5, 50, 150, -5, -150, 123456].map((units) => fixed(units, 2)),
    ["0.00", "0.05", "0.50", "1.50", "-0.05", "-1.50", "1234.56"],
  );
  assert.equal(fixed(7, 3), "0.007");
});

Deno.test("fixed() reads back as the same number", () => {
  fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (units, decimals) => {
    assert.equal(Number(fixed(units, decimals)) - units / Number(`1e${decimals}`), 0);
  }));
});

Deno.test("cell() rounds, and writes NA for NaN", () => {
  assert.deepEqual([cell(1.236, 2), cell(-0.001, 2), cell(NaN, 2)], ["1.24", "0.00", "NA"]);
});

Deno.test("flag() writes TRUE and FALSE", () => {
  assert.deepEqual([flag(true), flag(false)], ["TRUE", "FALSE"]);
});

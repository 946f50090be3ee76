import assert from "node:assert/strict";
import { formatChange, formatUsd } from "./format.ts";

Deno.test("formatUsd() gives whole dollars from 100 on, cents below", () => {
  assert.deepEqual([1234567.8, 100, 99.994, 0, -166.66, -2].map(formatUsd), [
    "1,234,568",
    "100",
    "99.99",
    "0.00",
    "-167",
    "-2.00",
  ]);
});

Deno.test("formatChange() gives per cent with a sign, none for nothing", () => {
  assert.equal(formatChange(88, 100), "-12.0 %");
  assert.equal(formatChange(120.04, 100), "+20.0 %");
  assert.equal(formatChange(99.99, 100), "0.0 %");
  assert.equal(formatChange(100.01, 100), "0.0 %");
  assert.deepEqual([formatChange(0, 0), formatChange(1, 0)], ["0.0 %", "worse"]);
});

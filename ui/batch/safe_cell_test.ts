import assert from "node:assert/strict";
import { safeCell } from "./safe_cell.ts";

Deno.test("safeCell() makes formulas texts and leaves numbers", () => {
  const cells = [
    "=1+1",
    "+cmd",
    "@SUM(A1)",
    "-2+3",
    "-5.25",
    "+1",
    "-1e3",
    "plain",
    "＝1+1",
    "\n=1",
  ];
  assert.deepEqual(cells.map((cell) => safeCell(cell, ",")), [
    ...["'=1+1", "'+cmd", "'@SUM(A1)", "'-2+3"],
    ...["-5.25", "+1", "-1e3", "plain", "'＝1+1", '"\'\n=1"'],
  ]);
});

Deno.test("safeCell() quotes what holds the delimiter, a quote or a line end", () => {
  assert.equal(safeCell('a;"b"', ";"), '"a;""b"""');
  assert.equal(safeCell("a;b", ","), "a;b");
  assert.equal(safeCell("a\nb", ","), '"a\nb"');
});

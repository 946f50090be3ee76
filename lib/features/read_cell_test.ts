import assert from "node:assert/strict";
import fc from "fast-check";
import { checkValue } from "./check_value.ts";
import { readCell } from "./read_cell.ts";
import { FEATURES } from "./table.ts";

const feature = (name: string) => FEATURES.find((feature) => feature.name === name)!;

Deno.test("readCell() reads each kind, blanks around it aside", () => {
  assert.equal(readCell(feature("Store"), " 12 "), 12);
  assert.equal(readCell(feature("Temperature"), "-1.5e1"), -15);
  assert.equal(readCell(feature("CPI"), ".5"), 0.5);
  assert.equal(readCell(feature("Type"), "B\r"), "B");
  for (const text of ["TRUE", "true", "T", "1"]) {
    assert.equal(readCell(feature("IsHoliday"), text), true);
  }
  for (const text of ["FALSE", "f", "0"]) assert.equal(readCell(feature("IsHoliday"), text), false);
});

Deno.test("readCell() takes empty cells and NA as missing", () => {
  for (const text of ["", "  ", "NA", "NaN", "null", "None"]) {
    assert.equal(readCell(feature("MarkDown1"), text), null);
    assert.equal(readCell(feature("Type"), text), null);
  }
});

Deno.test("readCell() leaves what is no value as a text that checkValue() refuses", () => {
  const cells = ["abc", "0x10", "1,000", "1e", "--1", "Infinity", "12 34", "1_000", "٣"];
  for (const cell of cells) {
    assert.equal(readCell(feature("Size"), cell), cell);
    assert.equal(checkValue(feature("Size"), readCell(feature("Size"), cell)), "wrong_type");
  }
  assert.equal(
    checkValue(feature("IsHoliday"), readCell(feature("IsHoliday"), "yes")),
    "wrong_type",
  );
});

Deno.test("readCell() reads every number as it is printed", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    // -0 prints as 0.
    assert.equal(readCell(feature("CPI"), String(value)), value + 0);
  }));
});

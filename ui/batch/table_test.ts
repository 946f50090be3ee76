import assert from "node:assert/strict";
import { FEATURES } from "../../lib/features/table.ts";
import { matchColumns, missingColumns } from "./match_columns.ts";
import { addRow, emptyTable, SENT_HEADER, sentLine } from "./table.ts";

const HEADER = [
  "Dept",
  "Note",
  "Store",
  "is_holiday",
  "Type",
  "SIZE",
  "year",
  "Month",
  "week",
  "CPI",
];

Deno.test("matchColumns() finds columns whatever their case, order and blanks", () => {
  const mapping = matchColumns(HEADER);
  assert.deepEqual([mapping.Store, mapping.Dept, mapping.IsHoliday, mapping.Size], [2, 0, 3, 5]);
  assert.deepEqual(missingColumns(mapping), []);
  assert.deepEqual(missingColumns(matchColumns(["Store"])).slice(0, 2), ["Dept", "IsHoliday"]);
});

Deno.test("matchColumns() takes the names in words, and the first of two columns", () => {
  const labels = FEATURES.map(({ label }) => label);
  const mapping = matchColumns([...labels, "Store"]);
  assert.deepEqual(FEATURES.map(({ name }) => mapping[name]), labels.map((_, place) => place));
});

Deno.test("addRow() reads what sentLine() writes, in as many rows as there are", () => {
  const table = emptyTable();
  const mapping = matchColumns(HEADER);
  for (let row = 0; row < 3000; row++) {
    addRow(
      table,
      row + 2,
      ["7", "x", "1", "TRUE", "b", "1000", "2012", "11", "47", "1,5"],
      HEADER,
      mapping,
      true,
    );
  }
  assert.equal(table.badRows, 0);
  assert.equal(SENT_HEADER.split(",").length, FEATURES.length);
  assert.equal(sentLine(table, 2999), "1,7,1,,,,,,,,1.5,,B,1000,2012,11,47");
});

Deno.test("addRow() tells each wrong cell by line and by the file's own column", () => {
  const table = emptyTable();
  const mapping = { ...matchColumns(HEADER), Store: 1 };
  addRow(
    table,
    9,
    ["7", "x", "1", "maybe", "B", "1000", "2012", "11", "47"],
    HEADER,
    mapping,
    false,
  );
  assert.equal(table.badRows, 1);
  assert.deepEqual(table.errors.map(({ line, column }) => [line, column]), [[9, "Note"], [
    9,
    "is_holiday",
  ]]);
});

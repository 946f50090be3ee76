import assert from "node:assert/strict";
import { readCell } from "../lib/features/read_cell.ts";
import { readRecords } from "../lib/features/read_records.ts";
import { FEATURES } from "../lib/features/table.ts";
import { CSV_HEADER, csvLine, fieldsOfPeer, recordsOf } from "./records.ts";

/** Two rows: everything known, and everything missing that may be. */
const VALUES: Record<string, [number, number]> = {
  Store: [1, 45],
  Dept: [2, 99],
  IsHoliday: [1, 0],
  Type: [2, 0],
  Size: [151_315, 34_875],
  Year: [2012, 2011],
  Month: [7, 11],
  Week: [30, 47],
};
const rows = {
  columns: FEATURES.map(({ name }) => Float64Array.from(VALUES[name] ?? [2.5, NaN])),
  targets: Float64Array.of(1, 2),
};

Deno.test("recordsOf() makes records that the API reads back to the same columns", () => {
  const records = recordsOf(rows);
  const { columns, errors } = readRecords(records);
  assert.deepEqual(errors, []);
  assert.deepEqual(FEATURES.map(({ name }) => columns[name]), rows.columns);
  const { Type, IsHoliday, CPI } = records[1]!;
  assert.deepEqual({ Type, IsHoliday, CPI }, { Type: "A", IsHoliday: false, CPI: null });
});

Deno.test("csvLine() makes lines that the API reads back to the same records", () => {
  for (const record of recordsOf(rows)) {
    const cells = csvLine(record).trimEnd().split(",");
    const read = FEATURES.map((feature, i) => [feature.name, readCell(feature, cells[i]!)]);
    assert.deepEqual(Object.fromEntries(read), record);
  }
  assert.equal(CSV_HEADER.trimEnd().split(",").length, 17);
});

Deno.test("fieldsOfPeer() says of each feature its type, range and whether it must be there", () => {
  const fields = new Map(fieldsOfPeer().map((field) => [field.name, field]));
  assert.deepEqual(fields.get("Store"), {
    name: "Store",
    type: "integer",
    required: true,
    min: 1,
    max: 9999,
  });
  const values = ["A", "B", "C"];
  assert.deepEqual(fields.get("Type"), { name: "Type", type: "string", required: true, values });
  assert.equal(fields.get("IsHoliday")!.type, "boolean");
  assert.equal(fields.get("CPI")!.type, "number");
  assert.equal(fields.get("CPI")!.required, false);
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { csvRows } from "./csv_rows.ts";
import { createRecordCutter } from "./record_cutter.ts";
import { pieces } from "./testing.ts";

const CASES: [text: string, rows: string[][]][] = [
  ["", []],
  ["\n\r\n\r", []],
  ["a", [["a"]]],
  ["a,b\n", [["a", "b"]]],
  ["a,\n,b\n,\n", [["a", ""], ["", "b"], ["", ""]]],
  ["a\r\nb\rc\n\n\nd", [["a"], ["b"], ["c"], ["d"]]],
  ['"a"', [["a"]]],
  ['"a,b"\n', [["a,b"]]],
  ['"a\nb\r\nc\rd",e\n', [["a\nb\r\nc\rd", "e"]]],
  ['"say ""hi""",""\n', [['say "hi"', ""]]],
  ['"",\n', [["", ""]]],
  ['a,"b"\r\nc,"d"\r', [["a", "b"], ["c", "d"]]],
  ['"a",\r\n\n"b",', [["a", ""], ["b", ""]]],
  // As Python's csv and spreadsheets read what the RFC does not allow.
  ['5" pipe,6" pipe\n', [['5" pipe', '6" pipe']]],
  ['"a"b"c,d\n', [['ab"c', "d"]]],
  [' "a",b\n', [[' "a"', "b"]]],
  ['a,"b\nc', [["a", "b\nc"]]],
];

Deno.test("csvRows() reads cells, with and without quotes", () => {
  for (const [text, rows] of CASES) assert.deepEqual(csvRows(text, ","), rows, text);
  assert.deepEqual(csvRows('a,b;"c;d"\n', ";"), [["a,b", "c;d"]]);
});

Deno.test("csvRows() reads back what was quoted", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ") });
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
    const text = rows.map((row) =>
      row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join() + "\n"
    );
    assert.deepEqual(csvRows(text.join(""), ","), rows);
  }));
});

Deno.test("csvRows() and createRecordCutter() agree on where any text's records end", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ",", ";", '"', "\n", "\r"), maxLength: 30 });
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (text, ends) => {
      const cutter = createRecordCutter({ longest: 1000, delimiters: "," });
      const rows: string[][] = [];
      for (const piece of pieces(text, ends)) rows.push(...csvRows(cutter.cut(piece), ","));
      rows.push(...csvRows(cutter.rest(), ","));
      assert.deepEqual(rows, csvRows(text, ","));
    }),
    { numRuns: 3000 },
  );
});

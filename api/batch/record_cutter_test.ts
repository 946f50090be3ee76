import assert from "node:assert/strict";
import fc from "fast-check";
import { createRecordCutter } from "./record_cutter.ts";

function pieces(text: string, ends: number[]): string[] {
  const cuts = [
    0,
    ...ends.map((end) => end % (text.length + 1)).sort((a, b) => a - b),
    text.length,
  ];
  return cuts.slice(1).map((end, i) => text.slice(cuts[i], end));
}

Deno.test("createRecordCutter() returns whole records however the text is cut", () => {
  const cell = fc.oneof(
    fc.constantFrom("", "1", "a b", '"x,y"', '"line\nbreak"', '"crlf\r\n"', '"say ""hi"""'),
  );
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(table, fc.array(fc.nat()), fc.boolean(), (rows, ends, crlf) => {
    const records = rows.map((cells) => cells.join(",") + (crlf ? "\r\n" : "\n"));
    const cutter = createRecordCutter({ quote: '"', longest: 1000 });
    let joined = "";
    for (const piece of pieces(records.join(""), ends)) {
      joined += cutter.cut(piece);
      // What is whole is a number of records.
      assert.ok(
        records.some((_, i) => records.slice(0, i + 1).join("") === joined) || joined === "",
      );
    }
    assert.equal(joined, records.join(""));
    assert.equal(cutter.rest(), "");
  }));
});

Deno.test("createRecordCutter() takes bare CR as line breaks where there is no LF", () => {
  const cutter = createRecordCutter({ quote: '"', longest: 100 });
  assert.equal(cutter.cut("a\rb\rc"), "a\rb\r");
  assert.equal(cutter.cut("\r"), "");
  assert.equal(cutter.cut("\nd"), "c\r\n");
  assert.equal(cutter.rest(), "d");
});

Deno.test("createRecordCutter() keeps quotes in lines that have no quoting", () => {
  const cutter = createRecordCutter({ longest: 100 });
  assert.equal(cutter.cut('{"a": "x\n'), '{"a": "x\n');
});

Deno.test("createRecordCutter() throws where a quote is never closed", () => {
  const cutter = createRecordCutter({ quote: '"', longest: 10 });
  cutter.cut('a,"');
  assert.throws(() => cutter.cut("x\n".repeat(10)), /^RangeError: Expected records of at most 10/);
});

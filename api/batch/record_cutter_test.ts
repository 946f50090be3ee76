import assert from "node:assert/strict";
import fc from "fast-check";
import { createRecordCutter } from "./record_cutter.ts";
import { pieces } from "./testing.ts";

Deno.test("createRecordCutter() returns whole records however the text is cut", () => {
  const cell = fc.oneof(
    fc.constantFrom("", "1", "a b", '"x,y"', '"line\nbreak"', '"crlf\r\n"', '"say ""hi"""'),
  );
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(table, fc.array(fc.nat()), fc.boolean(), (rows, ends, crlf) => {
    const records = rows.map((cells) => cells.join(",") + (crlf ? "\r\n" : "\n"));
    const cutter = createRecordCutter({ longest: 1000, delimiters: "," });
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

Deno.test("createRecordCutter() takes LF, CRLF and CR as line breaks", () => {
  const cutter = createRecordCutter({ longest: 100, delimiters: "," });
  assert.equal(cutter.cut("a\rb\rc"), "a\rb\r");
  assert.equal(cutter.cut("\r"), "");
  assert.equal(cutter.cut("\nd"), "c\r\n");
  assert.equal(cutter.cut("\re\nf"), "d\re\n");
  assert.equal(cutter.rest(), "f");
});

Deno.test("createRecordCutter() returns records one by one", () => {
  const cutter = createRecordCutter({ longest: 100, delimiters: "," });
  assert.equal(cutter.cutOne('a,"x\n'), "");
  assert.equal(cutter.cutOne('y"\r\nb\rc\n'), 'a,"x\ny"\r\n');
  assert.equal(cutter.cutOne(""), "b\r");
  assert.equal(cutter.rest(), "c\n");
  assert.equal(cutter.cutOne("d"), "c\n");
  assert.equal(cutter.cutOne(""), "");
});

Deno.test("createRecordCutter() keeps quotes in lines that have no quoting", () => {
  const cutter = createRecordCutter({ longest: 100 });
  assert.equal(cutter.cut('{"a": "x\n'), '{"a": "x\n');
  assert.equal(cutter.cutOne('"\n"\n'), '"\n');
});

Deno.test("createRecordCutter() takes a quote within a cell as a character", () => {
  const cutter = createRecordCutter({ longest: 100, delimiters: "," });
  assert.equal(cutter.cut('5" pipe,1\n6" pipe'), '5" pipe,1\n');
});

Deno.test("createRecordCutter() throws where a quote is never closed, behind all whole records", () => {
  const cutter = createRecordCutter({ longest: 10, delimiters: "," });
  assert.equal(cutter.cut('a\nb\n"' + "x\n".repeat(10)), "a\nb\n");
  assert.throws(
    () => cutter.cut("x"),
    /^Problem: Expected records of at most 10 characters, but found more\. Look for a quotation/,
  );
});

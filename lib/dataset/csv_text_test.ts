import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../errors.ts";
import { normalizeCsv } from "./csv_text.ts";

const normalize = (text: string) =>
  new TextDecoder().decode(normalizeCsv(new TextEncoder().encode(text), "data/x.csv"));

const refuses = (text: string, message: RegExp) =>
  assert.throws(
    () => normalize(text),
    (error) => error instanceof UserError && message.test(error.message),
  );

Deno.test("normalizeCsv() makes bare CR and CRLF line ends LF", () => {
  assert.equal(normalize("a,b\r1,2\r3,4\r"), "a,b\n1,2\n3,4\n");
  assert.equal(normalize("a,b\r\n1,2\r\n3,4"), "a,b\n1,2\n3,4\n");
});

Deno.test("normalizeCsv() drops the byte order mark and blank lines at the end", () => {
  assert.equal(normalize("\uFEFFa,b\n1,2\n\n\r\n"), "a,b\n1,2\n");
});

Deno.test("normalizeCsv() gives the same for every kind of line end, final or not", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "1", ".", " ", "é", "-"), minLength: 1 });
  const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 })
  );
  const ends = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(fc.property(table, ends, fc.boolean(), fc.boolean(), (rows, end, mark, last) => {
    const lines = rows.map((row) => row.join(","));
    const text = (mark ? "\uFEFF" : "") + lines.join(end) + (last ? end : "");
    assert.equal(normalize(text), lines.join("\n") + "\n");
  }));
});

Deno.test("normalizeCsv() takes quotes off, and makes commas and line ends inside blanks", () => {
  assert.equal(normalize('a,b\n"x,\r\ny","say ""hi"""\n"",2\n'), 'a,b\nx   y,say "hi"\n,2\n');
});

Deno.test("normalizeCsv() leaves a quote alone that does not open a field", () => {
  assert.equal(normalize('a,b\n1,5" pipe\n2,6" pipe\n'), 'a,b\n1,5" pipe\n2,6" pipe\n');
});

Deno.test("normalizeCsv() gives each quoted field as it was, but for commas and line ends", () => {
  const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ") });
  const table = fc.array(fc.tuple(fc.constant("k"), field, field), { minLength: 1 });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(fc.property(table, (rows) => {
    const text = rows.map((row) => row.map(quote).join(",") + "\n").join("");
    const plain = (text: string) => text.replaceAll(/[,\r\n]/g, " ");
    assert.equal(normalize(text), rows.map((row) => row.map(plain).join(",") + "\n").join(""));
  }));
});

Deno.test("normalizeCsv() names the line whose number of fields is wrong", () => {
  refuses("a,b\n1,2\n3\n", /^data\/x\.csv, line 3: expected 2 fields .* found 1\./);
  refuses("a,b\n1,2,3\n", /line 2: expected 2 fields .* found 3\./);
  refuses("a,b\n1,2\n\n3,4\n", /line 3: expected 2 fields .* found 0\./);
});

Deno.test("normalizeCsv() refuses what is not CSV text in UTF-8", () => {
  refuses("", /is empty/);
  refuses("\n\n", /is empty/);
  refuses("a,b\n1,\0\n", /line 2: expected text, but found a zero byte/);
  refuses('a,b\n1,"2\n', /line 2: a quote .* never closed/);
  refuses('a,b\n1,"2"x\n', /line 2: expected a comma .* behind a closing quote/);
  assert.throws(
    () => normalizeCsv(Uint8Array.of(97, 10, 0xe9, 10), "x.csv"),
    /expected text in UTF-8, but found another encoding/,
  );
  assert.throws(() => normalizeCsv(Uint8Array.of(0xff, 0xfe, 97, 0), "x.csv"), /but found UTF-16/);
});

import assert from "node:assert/strict";
import { sniff } from "./sniff.ts";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

Deno.test("sniff() finds delimiters and line ends outside of quotes", () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    for (const newline of ["\n", "\r\n", "\r"]) {
      const text = ['"a,;\r\n"', "b", "c"].join(delimiter) + newline;
      const found = sniff(bytes(text));
      assert.deepEqual(found, { format: { encoding: "utf-8", delimiter, newline } });
    }
  }
});

Deno.test("sniff() finds encodings", () => {
  const encodingOf = (head: Uint8Array<ArrayBuffer>) => {
    const found = sniff(head);
    return "format" in found ? found.format.encoding : found.problem;
  };
  assert.equal(encodingOf(bytes("caf\xc3\xa9,b\n")), "utf-8");
  assert.equal(encodingOf(bytes("caf\xe9,b\n")), "windows-1252");
  assert.equal(encodingOf(bytes("\xff\xfea\x00,\x00b\x00")), "utf-16le");
  // Cut in the middle of a letter, as the head of a file may be.
  assert.equal(encodingOf(bytes("a,caf\xc3")), "utf-8");
});

Deno.test("sniff() refuses what is no text in words", () => {
  for (
    const [text, words] of [["", /empty/], ["PK\x03\x04", /Excel/], [
      "\x89PNG\x00",
      /text/,
    ]] as const
  ) {
    const found = sniff(bytes(text));
    assert.match("problem" in found ? found.problem : "", words);
  }
});

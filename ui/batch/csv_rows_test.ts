import assert from "node:assert/strict";
import { csvRows, type Row } from "./csv_rows.ts";
import type { TextFormat } from "./sniff.ts";

const FORMAT: TextFormat = { encoding: "utf-8", delimiter: ",", newline: "\n" };

/** A file whose stream comes in parts of so many bytes. */
function inParts(text: string, size: number): Blob {
  const bytes = new TextEncoder().encode(text);
  const blob = new Blob([bytes]);
  blob.stream = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) {
          controller.enqueue(bytes.slice(at, at + size));
        }
        controller.close();
      },
    });
  return blob;
}

async function read(file: Blob, format = FORMAT): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const chunk of csvRows(file, format)) rows.push(...chunk.rows);
  return rows;
}

Deno.test("csvRows() gives the same rows and lines however the file comes in parts", async () => {
  const text = 'a,b\n1,"two\nlines"\n\n3,"é, ""quoted"""\n4,5';
  const expected = [
    { line: 1, cells: ["a", "b"] },
    { line: 2, cells: ["1", "two\nlines"] },
    { line: 5, cells: ["3", 'é, "quoted"'] },
    { line: 6, cells: ["4", "5"] },
  ];
  for (let size = 1; size <= text.length + 2; size++) {
    assert.deepEqual(await read(inParts(text, size)), expected, `${size}`);
  }
});

Deno.test("csvRows() leaves out the byte order mark and empty lines at the end", async () => {
  assert.deepEqual(
    await read(new Blob(["\uFEFFa,b\r\n1,2\r\n\r\n"]), { ...FORMAT, newline: "\r\n" }),
    [
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ["1", "2"] },
    ],
  );
});

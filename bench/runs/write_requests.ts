/** Writes what the suite `api` sends, from records of the table; prints `null`. */

import { CSV_HEADER, csvLine, recordsOf } from "../records.ts";
import { randomTable, readTable, thinRows } from "../table.ts";

/** What to write, and where to: real records, spread over the table, and anew from its start. */
export interface WriteRequest {
  /** A file of so many bodies of one record each, one a line. */
  one: { path: string; bodies: number };
  /** The same with so many records in each. */
  batch: { path: string; bodies: number; records: number };
  csv: { path: string; rows: number };
}

if (import.meta.main) {
  const { one, batch, csv }: WriteRequest = JSON.parse(Deno.args[0]!);
  const { train } = await readTable(randomTable(0));
  const few = recordsOf(thinRows(train, Math.max(one.bodies, batch.bodies * batch.records)));
  const body = (index: number, count: number) => {
    const records = Array.from({ length: count }, (_, i) => few[(index + i) % few.length]!);
    return JSON.stringify({ records }) + "\n";
  };
  const step = Math.max(1, Math.floor(few.length / one.bodies));
  const ones = Array.from({ length: one.bodies }, (_, i) => body(i * step, 1));
  await Deno.writeTextFile(one.path, ones.join(""));
  const batches = Array.from(
    { length: batch.bodies },
    (_, i) => body(i * batch.records, batch.records),
  );
  await Deno.writeTextFile(batch.path, batches.join(""));

  using file = await Deno.open(csv.path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  const encoder = new TextEncoder();
  const lines = few.map(csvLine);
  await writer.write(encoder.encode(CSV_HEADER));
  for (let row = 0; row < csv.rows; row += lines.length) {
    await writer.write(encoder.encode(lines.slice(0, csv.rows - row).join("")));
  }
  console.log(null);
}

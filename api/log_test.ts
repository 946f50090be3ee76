import assert from "node:assert/strict";
import { createLog } from "./log.ts";

/** An output that takes a few bytes at a time. */
function output(most = Infinity) {
  let text = "", writes = 0;
  return {
    writeSync(bytes: Uint8Array): number {
      writes++;
      const taken = bytes.subarray(0, most);
      text += new TextDecoder().decode(taken);
      return taken.length;
    },
    text: () => text,
    writes: () => writes,
  };
}

Deno.test("createLog() writes lines together, all of each", () => {
  const out = output(4);
  const log = createLog(out);
  log.write("one");
  log.write("two three");
  assert.equal(out.text(), "");
  log.flush();
  assert.equal(out.text(), "one\ntwo three\n");
  log.flush();
  assert.equal(out.text(), "one\ntwo three\n");
});

Deno.test("createLog() writes by itself after a moment, and before much waits", async () => {
  const out = output();
  const log = createLog(out);
  log.write("one");
  while (out.writes() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(out.text(), "one\n");
  const lines = Array.from({ length: 2_000 }, (_, i) => `line ${i} of some length, with ä and 🍎`);
  for (const line of lines) log.write(line);
  assert.ok(out.writes() > 1 && out.writes() < 10, `${out.writes()} writes`);
  log.flush();
  assert.equal(out.text(), `one\n${lines.join("\n")}\n`);
});

Deno.test("createLog() writes a line of any length whole", () => {
  const out = output();
  const log = createLog(out);
  const long = "€".repeat(2 ** 17);
  for (const line of ["before", long, "after"]) log.write(line);
  assert.equal(out.text(), `before\n${long}\n`);
  log.flush();
  assert.equal(out.text(), `before\n${long}\nafter\n`);
});

Deno.test("createLog() goes on where nobody reads it any more", () => {
  const log = createLog({
    writeSync() {
      throw new Error("Broken pipe");
    },
  });
  log.write("one");
  log.flush();
});

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

Deno.test("createLog() writes by itself after a moment, and when much waits", async () => {
  const out = output();
  const log = createLog(out);
  log.write("one");
  while (out.writes() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(out.text(), "one\n");
  const long = "x".repeat(2 ** 16);
  log.write(long);
  assert.equal(out.text(), `one\n${long}\n`);
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

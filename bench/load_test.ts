import assert from "node:assert/strict";
import { readOutcome, versionOf } from "./load.ts";

const counts = { requests: 3000, microseconds: 2_000_000, p50: 120, p90: 400, p99: 1500 };
const printed = (refused: number, failed: number) =>
  `Running 2s test\n  1 threads\n${JSON.stringify({ ...counts, refused, failed })}\n`;

Deno.test("readOutcome() reads requests a second, and times in milliseconds", () => {
  assert.deepEqual(readOutcome(printed(0, 0), "http://127.0.0.1/predict"), {
    rate: 1500,
    p50: 0.12,
    p90: 0.4,
    p99: 1.5,
  });
});

Deno.test("readOutcome() throws where an answer is no success, or a connection breaks", () => {
  assert.throws(() => readOutcome(printed(1, 0), "http://127.0.0.1/predict"), {
    message: "Expected http://127.0.0.1/predict to answer every request, but found 3000 answers, " +
      "1 of them without success, and 0 broken connections",
  });
  assert.throws(() => readOutcome(printed(0, 2), "http://127.0.0.1/predict"), /2 broken/);
});

Deno.test("versionOf() finds wrk's version, by whomever it was packed", () => {
  assert.equal(versionOf("wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer"), "4.1.0");
  assert.equal(versionOf("wrk 4.2.0 [kqueue] Copyright (C) 2012 Will Glozer"), "4.2.0");
  assert.equal(versionOf("bash: wrk: command not found"), undefined);
});

import assert from "node:assert/strict";
import { AnswerCounter } from "./csv_answers.ts";

const TEXT = "Store,prediction,error\r\n1,2.5,\r\n2,,Expected a number for Dept.\r\n3,4,\r\n";

Deno.test("AnswerCounter counts rows and those with an error, however the text is cut", () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (const size of [1, 7, bytes.length]) {
    const counter = new AnswerCounter();
    for (let from = 0; from < bytes.length; from += size) {
      counter.add(bytes.subarray(from, from + size));
    }
    assert.deepEqual([counter.rows, counter.errors], [3, 1]);
  }
});

Deno.test("AnswerCounter finds nothing before the header has ended", () => {
  const counter = new AnswerCounter();
  counter.add(new TextEncoder().encode("Store,predic"));
  assert.deepEqual([counter.rows, counter.errors], [0, 0]);
});

import assert from "node:assert/strict";
import { readAnswer } from "./read_answer.ts";

Deno.test("readAnswer() reads forecasts, ranges and reasons", () => {
  const text = "Store,prediction,lower_80,upper_80,error\r\n" +
    '1,10.5,9,12,\r\n1,,,,"Expected a week, and more, for Week, but found 53."\r\n';
  assert.deepEqual(readAnswer(text, 80), [
    { prediction: 10.5, lower: 9, upper: 12 },
    {
      prediction: NaN,
      lower: NaN,
      upper: NaN,
      error: { column: "Week", message: "Expected a week, and more, for Week, but found 53." },
    },
  ]);
});

Deno.test("readAnswer() leaves out a last row that was cut off", () => {
  assert.equal(readAnswer("prediction,error\n1,\n22", null).length, 1);
});

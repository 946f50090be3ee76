import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseValidation } from "./split.ts";

const split = {
  strategy: "time" as const,
  validation_weeks: 2,
  validation_fraction: 0.25,
  seed: 42,
};

Deno.test("chooseValidation() by time takes the last weeks of the calendar, in any row order", () => {
  const days = Int32Array.of(28, 0, 7, 14, 21, 28, 0);
  assert.deepEqual(chooseValidation(days, split), Uint8Array.of(1, 0, 0, 0, 1, 1, 0));
});

Deno.test("chooseValidation() by time never trains on a week after the first validation week", () => {
  const weeks = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 60 });
  fc.assert(fc.property(weeks, fc.integer({ min: 1, max: 20 }), (weeks, validation_weeks) => {
    const days = Int32Array.from(weeks, (week) => 5 + week * 7);
    fc.pre(Math.max(...days) - Math.min(...days) >= 7 * validation_weeks);
    const marks = chooseValidation(days, { ...split, validation_weeks });
    const side = (mark: number) => Array.from(days.filter((_, row) => marks[row] === mark));
    assert.ok(Math.max(...side(0)) < Math.min(...side(1)));
  }));
});

Deno.test("chooseValidation() at random takes the exact share, the same for the same seed", () => {
  const days = new Int32Array(1000);
  const random = { ...split, strategy: "random" as const };
  const marks = chooseValidation(days, random);
  assert.equal(marks.reduce((a, b) => a + b, 0), 250);
  assert.deepEqual(chooseValidation(days, random), marks);
  assert.notDeepEqual(chooseValidation(days, { ...random, seed: 43 }), marks);
});

Deno.test("chooseValidation() says which parameter leaves a side empty", () => {
  const days = Int32Array.of(0, 7);
  assert.throws(
    () => chooseValidation(days, split),
    /split\.validation_weeks is 2, which leaves no rows for training out of 2 weeks/,
  );
  assert.throws(
    () => chooseValidation(days, { ...split, strategy: "random", validation_fraction: 0.1 }),
    /split\.validation_fraction is 0\.1, which leaves no rows for validation/,
  );
});

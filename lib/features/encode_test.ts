import assert from "node:assert/strict";
import { encodeColumn, encodeValue } from "./encode.ts";
import { FEATURES } from "./table.ts";

const feature = (name: string) => FEATURES.find((feature) => feature.name === name)!;

Deno.test("encodeValue() gives the place of a named category", () => {
  assert.deepEqual(encodeColumn(feature("Type"), ["A", "B", "C"]), Float64Array.of(0, 1, 2));
  assert.ok(Number.isNaN(encodeValue(feature("Type"), "D")));
});

Deno.test("encodeValue() gives 1 or 0 for a flag", () => {
  assert.deepEqual(
    encodeColumn(feature("IsHoliday"), [true, false, 1, 0]),
    Float64Array.of(1, 0, 1, 0),
  );
});

Deno.test("encodeValue() keeps quantities and category numbers, and gives NaN for missing", () => {
  assert.equal(encodeValue(feature("Temperature"), -3.5), -3.5);
  assert.equal(encodeValue(feature("Dept"), 92), 92);
  assert.ok(Number.isNaN(encodeValue(feature("MarkDown1"), null)));
  assert.ok(Number.isNaN(encodeValue(feature("Type"), undefined)));
});

Deno.test("encodeValue() refuses a value of another type rather than guess", () => {
  const cases = [["Temperature", ""], ["Size", "100"], ["IsHoliday", "TRUE"], ["Type", 1]] as const;
  for (const [name, value] of cases) {
    assert.throws(
      () => encodeValue(feature(name), value),
      new RegExp(`^TypeError: Expected .* ${name}`),
    );
  }
});

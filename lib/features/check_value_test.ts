import assert from "node:assert/strict";
import { checkValue, explainValue, show } from "./check_value.ts";
import { FEATURES } from "./table.ts";

const feature = (name: string) => FEATURES.find((feature) => feature.name === name)!;

Deno.test("checkValue() takes values of each kind, ends of ranges included", () => {
  const values = [
    ["Store", 1],
    ["Store", 9999],
    ["IsHoliday", true],
    ["IsHoliday", 0],
    ["Temperature", -100],
    ["Temperature", null],
    ["MarkDown3", undefined],
    ["CPI", 211.25],
    ["Type", "C"],
    ["Week", 53],
  ] as const;
  for (const [name, value] of values) assert.equal(checkValue(feature(name), value), undefined);
});

Deno.test("checkValue() says in which way a value is wrong", () => {
  const wrong = [
    ["Store", null, "missing"],
    ["Type", undefined, "missing"],
    ["Store", "1", "wrong_type"],
    ["Store", true, "wrong_type"],
    ["Temperature", NaN, "wrong_type"],
    ["Temperature", [1], "wrong_type"],
    ["Type", 1, "wrong_type"],
    ["IsHoliday", "true", "wrong_type"],
    ["IsHoliday", 2, "not_in_list"],
    ["Type", "a", "not_in_list"],
    ["Store", 1.5, "not_integer"],
    ["Size", 0, "out_of_range"],
    ["CPI", Infinity, "out_of_range"],
    ["Week", -Infinity, "out_of_range"],
    ["Week", 54, "out_of_range"],
  ] as const;
  for (const [name, value, code] of wrong) {
    assert.equal(checkValue(feature(name), value), code, `${name} ${value}`);
  }
});

Deno.test("explainValue() says what was expected and what was found", () => {
  assert.equal(
    explainValue(feature("Temperature"), "hot"),
    'Expected a number from -100 to 150, or none for Temperature, but found "hot".',
  );
  assert.equal(
    explainValue(feature("Type"), null),
    "Expected one of A, B, C for Type, but found nothing.",
  );
  assert.equal(
    explainValue(feature("IsHoliday"), 2),
    "Expected true or false for IsHoliday, but found 2.",
  );
});

Deno.test("show() keeps foreign values to one short line", () => {
  assert.equal(show("a\u0000b\nc"), String.raw`"a\u0000b\nc"`);
  assert.equal(show("x\u202e"), '"x "');
  assert.ok(show("y".repeat(1000)).length < 50);
  assert.equal(show({ deep: {} }), "an object");
  assert.equal(show([1]), "a list");
});

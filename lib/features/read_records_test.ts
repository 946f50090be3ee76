import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeValue } from "./encode.ts";
import { readRecords } from "./read_records.ts";
import { FEATURES } from "./table.ts";

/** A record with all that must be there. */
const LEAST = {
  Store: 1,
  Dept: 2,
  IsHoliday: false,
  Type: "B",
  Size: 100,
  Year: 2012,
  Month: 11,
  Week: 45,
};

Deno.test("readRecords() encodes each record in its place", () => {
  const { columns, errors } = readRecords([LEAST, {
    ...LEAST,
    Store: 7,
    IsHoliday: 1,
    CPI: 200.5,
  }]);
  assert.deepEqual(errors, []);
  assert.deepEqual([...columns.Store], [1, 7]);
  assert.deepEqual([...columns.IsHoliday], [0, 1]);
  assert.deepEqual([...columns.Type], [1, 1]);
  assert.deepEqual([...columns.CPI], [NaN, 200.5]);
});

Deno.test("readRecords() tells all that is wrong, by record and field", () => {
  const { errors } = readRecords([
    LEAST,
    { ...LEAST, Store: "1", Week: 60, Colour: "red" },
    [],
    { ...LEAST, Type: null },
  ]);
  assert.deepEqual(errors.map(({ record, field, code }) => [record, field, code]), [
    [1, "Store", "wrong_type"],
    [1, "Week", "out_of_range"],
    [1, "Colour", "unknown_field"],
    [2, undefined, "not_a_record"],
    [3, "Type", "missing"],
  ]);
  assert.ok(errors.every(({ message }) => /^Expected .* but found .*\.$/.test(message)));
});

Deno.test("readRecords() refuses keys that prototypes have", () => {
  for (const key of ["__proto__", "constructor", "toString"]) {
    const record = JSON.parse(`{${JSON.stringify(key)}: 1, ${JSON.stringify(LEAST).slice(1)}`);
    assert.deepEqual(readRecords([record]).errors.map(({ field, code }) => [field, code]), [
      [key, "unknown_field"],
    ]);
  }
});

Deno.test("readRecords() tells an unknown field beside one that is undefined", () => {
  const { errors } = readRecords([{ ...LEAST, CPI: undefined, Colour: 1 }]);
  assert.deepEqual(errors.map(({ field }) => field), ["Colour"]);
});

Deno.test("readRecords() keeps to the most errors", () => {
  assert.equal(readRecords(Array.from({ length: 1000 }, () => ({})), 100).errors.length, 100);
  assert.equal(readRecords([{}], 3).errors.length, 3);
});

Deno.test("readRecords() shortens names from outside", () => {
  const [error] = readRecords([{ ...LEAST, ["x".repeat(10_000)]: 1 }]).errors;
  assert.ok(error!.field!.length < 50 && error!.message.length < 400);
});

Deno.test("readRecords() has a number or an error for whatever it is given", () => {
  fc.assert(fc.property(fc.array(fc.anything()), (records) => {
    const { columns, errors } = readRecords(records, Infinity);
    for (const [row, record] of records.entries()) {
      if (errors.some((error) => error.record === row)) continue;
      for (const feature of FEATURES) {
        const value = (record as Record<string, never>)[feature.name];
        assert.equal(columns[feature.name][row], encodeValue(feature, value));
      }
    }
  }));
  const values = fc.record({
    Store: fc.integer({ min: -5, max: 10_005 }),
    IsHoliday: fc.oneof(fc.boolean(), fc.integer({ min: -1, max: 2 })),
    Type: fc.constantFrom("A", "B", "C", "D", "", null),
    Temperature: fc.oneof(fc.double(), fc.constant(null)),
    Week: fc.double({ min: 0, max: 54 }),
  });
  fc.assert(fc.property(values, (some) => {
    const { errors } = readRecords([{ ...LEAST, ...some }]);
    const isWrong = (name: string) => errors.some(({ field }) => field === name);
    assert.equal(isWrong("Store"), some.Store < 1 || some.Store > 9999);
    assert.equal(isWrong("IsHoliday"), ![true, false, 0, 1].includes(some.IsHoliday));
    assert.equal(isWrong("Type"), !["A", "B", "C"].includes(some.Type!));
    assert.equal(
      isWrong("Temperature"),
      some.Temperature !== null && !(some.Temperature >= -100 && some.Temperature <= 150),
    );
    assert.equal(isWrong("Week"), ![...Array(54).keys()].slice(1).includes(some.Week));
  }));
});

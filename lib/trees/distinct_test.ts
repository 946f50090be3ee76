import assert from "node:assert/strict";
import fc from "fast-check";
import { distinctValues, MISSING_CODE } from "./distinct.ts";

/** Many repeats, and all that a float64 can be. */
const value = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.double(), fc.constantFrom(NaN, -0));
const column = fc.array(value, { maxLength: 60 }).map((values) => Float64Array.from(values));

Deno.test("distinctValues() lists values as they first occur, with their counts and rows", () => {
  fc.assert(fc.property(column, (column) => {
    // As a Map does, which takes -0 for 0; but for it NaN is a value.
    const expected = new Map<number, number>();
    for (const value of column) expected.set(value, (expected.get(value) ?? 0) + 1);
    expected.delete(NaN);
    const { values, counts, codes } = distinctValues(column, 100)!;
    assert.deepEqual(values, Float64Array.from(expected.keys()));
    assert.deepEqual(counts, Uint32Array.from(expected.values()));
    const places = [...expected.keys()];
    const codeOf = (value: number) =>
      Number.isNaN(value) ? MISSING_CODE : places.findIndex((other) => other === value);
    assert.deepEqual(codes, Uint16Array.from(column, codeOf));
  }));
});

Deno.test("distinctValues() gives up where there are more values than the limit, not before", () => {
  fc.assert(fc.property(column, fc.integer({ min: 1, max: 30 }), (column, limit) => {
    const different = new Set(column.filter((value) => !Number.isNaN(value))).size;
    assert.equal(
      distinctValues(column, limit)?.values.length,
      different > limit ? undefined : different,
    );
  }));
});

Deno.test("distinctValues() tells as many values apart as there are codes for", () => {
  const limit = MISSING_CODE - 1;
  const column = Float64Array.from({ length: 2 * limit }, (_, row) => (row % limit) / 10);
  const { values, counts, codes } = distinctValues(column, limit)!;
  assert.equal(values.length, limit);
  assert.ok(counts.every((count) => count === 2));
  assert.ok(codes.every((code, row) => values[code] === column[row]));
});

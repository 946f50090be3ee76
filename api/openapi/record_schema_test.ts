import assert from "node:assert/strict";
import fc from "fast-check";
import { readRecords } from "../../lib/features/read_records.ts";
import { type Feature, FEATURES } from "../../lib/features/table.ts";
import { recordSchema } from "./record_schema.ts";

/** A value that a feature has. */
function valid(feature: Feature): fc.Arbitrary<unknown> {
  const missing = feature.missing === "keep" ? [null, undefined] : [];
  if (feature.kind === "flag") return fc.constantFrom(true, false, 0, 1);
  if ("values" in feature) return fc.constantFrom(...feature.values, ...missing);
  const { min, max } = feature;
  const isWhole = feature.kind === "category" || feature.integer;
  const number = isWhole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
  return fc.oneof(fc.constantFrom(min, max, ...missing), number);
}

/** A value that most features do not have, or some do. */
const strange = fc.oneof(
  fc.constantFrom(null, undefined, "", "A", "1", 0, -0, 1, 1.5, -101, 54, 1e308, true, {}, []),
  fc.jsonValue(),
);

const records = fc.record(Object.fromEntries(FEATURES.map((each) => [each.name, valid(each)])));
const names = fc.constantFrom(...FEATURES.map(({ name }) => name as string), "toString", "Extra");
const changes = fc.array(fc.tuple(names, strange), { maxLength: 2 });

Deno.test("recordSchema() takes what readRecords() takes, and nothing else", () => {
  const schema = recordSchema();
  const taken = { yes: 0, no: 0 };
  fc.assert(
    fc.property(records, changes, (record, changes) => {
      // Through JSON, as records come.
      const value = JSON.parse(JSON.stringify({ ...record, ...Object.fromEntries(changes) }));
      const isTaken = readRecords([value]).errors.length === 0;
      taken[isTaken ? "yes" : "no"]++;
      assert.equal(schema.safeParse(value).success, isTaken);
    }),
    { numRuns: 500 },
  );
  assert.ok(taken.yes > 50 && taken.no > 50);
});

Deno.test("recordSchema() takes no value that is no record", () => {
  for (const value of [null, [], 1, "A", true]) {
    assert.equal(recordSchema().safeParse(value).success, false);
    assert.equal(readRecords([value]).errors.length, 1);
  }
});

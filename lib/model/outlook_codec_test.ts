import assert from "node:assert/strict";
import fc from "fast-check";
import { smallSales } from "../evaluation/testing.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { completeOutlook, type Outlook } from "../history/outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import { compact, expand } from "./outlook_codec.ts";
import { differencesToBytes } from "./pack.ts";
import { comparable, FIRST_DAY } from "./testing.ts";

const dollars = fc.oneof(
  fc.integer({ min: -2000, max: 200_000 }),
  fc.constantFrom(0, -(2 ** 31), 2 ** 31 - 1),
);

/** Known from some week on or never, with gaps. */
const series = (weeks: number) =>
  fc.record({
    start: fc.constantFrom(0, 0, 1, weeks - 1, weeks),
    sales: fc.array(fc.option(dollars, { freq: 9, nil: NaN }), {
      minLength: weeks,
      maxLength: weeks,
    }),
  }).map(({ start, sales }) => sales.fill(NaN, 0, start));

const key = fc.record({
  store: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(45, 9999)),
  department: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(99, 9999)),
});

const outlook = fc.record({
  weeks: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(53, 66)),
  firstDay: fc.integer({ min: 0, max: 40_000 }),
  keys: fc.uniqueArray(key, {
    minLength: 1,
    maxLength: 6,
    selector: ({ store, department }) => store * 10_000 + department,
  }),
}).chain(({ weeks, firstDay, keys }) =>
  fc.integer({ min: 1, max: weeks }).chain((kept) => {
    const sorted = keys.toSorted((a, b) => a.store - b.store || a.department - b.department);
    const times = (length: number) => ({ minLength: length, maxLength: length });
    return fc.record({
      sales: fc.array(series(weeks), times(keys.length)),
      seasonal: fc.array(dollars, times(keys.length * kept)),
    }).map(({ sales, seasonal }) =>
      completeOutlook({
        history: {
          firstDay,
          weeks,
          stores: Uint16Array.from(sorted, ({ store }) => store),
          departments: Uint16Array.from(sorted, ({ department }) => department),
          sales: Float64Array.from(sales.flat()),
        },
        seasonal: Float64Array.from(seasonal),
      })
    );
  })
);

/** Checks that an outlook comes back with all that follows from it, and is found by its keys. */
function checkInverse(outlook: Outlook): void {
  const { history, find } = outlook;
  const expanded = expand(compact(outlook));
  assert.deepEqual(comparable(expanded), comparable(outlook));
  for (const [i, store] of history.stores.entries()) {
    assert.equal(expanded.find(store, history.departments[i]!), i);
    assert.equal(find(store, history.departments[i]!), i);
  }
}

Deno.test("expand() gives back the outlook that compact() took, to the last bit", () => {
  fc.assert(fc.property(outlook, checkInverse), { numRuns: 300 });
});

Deno.test("expand() gives back the outlook of a history, short or long", () => {
  for (const weeks of [1, 5, 52, 53, 70]) {
    checkInverse(completeOutlook(compactOutlook(historyOf(smallSales(weeks)), 2)));
  }
});

/** Two series of three weeks; the second was not sold at first. */
function makeOutlook(sales: number[], seasonal: number[]): Outlook {
  return completeOutlook({
    history: {
      firstDay: FIRST_DAY,
      weeks: 3,
      stores: Uint16Array.of(1, 2),
      departments: Uint16Array.of(7, 5),
      sales: Float64Array.from(sales),
    },
    seasonal: Float64Array.from(seasonal),
  });
}

const SALES = [10, 20, -30, NaN, NaN, 300], SEASONAL = [15, 25, 200, 201];
const bytes = (...numbers: number[]) => differencesToBytes(Int32Array.from(numbers));

Deno.test("compact() keeps the series alone, and the sales before for a week not known", () => {
  assert.deepEqual(compact(makeOutlook(SALES, SEASONAL)), {
    first_week: "2010-02-05",
    weeks: 3,
    seasonal_weeks: 2,
    series: 2,
    stores: bytes(1, 2),
    departments: bytes(7, 5),
    known: Uint8Array.of(1, 1, 1, 0, 0, 1),
    sales: bytes(10, 20, -30, -30, -30, 300),
    seasonal: bytes(15, 25, 200, 201),
  });
});

Deno.test("compact() refuses numbers that the file would change", () => {
  for (const value of [2 ** 31, -(2 ** 31) - 1, 2 ** 32, 1e300, Infinity, 0.5]) {
    const message = /^RangeError: Expected whole USD below 2\^31, but found /;
    assert.throws(() => compact(makeOutlook(SALES.with(1, value), SEASONAL)), message);
    assert.throws(() => compact(makeOutlook(SALES, SEASONAL.with(3, value))), message);
  }
  assert.throws(() => compact(makeOutlook(SALES, SEASONAL.with(3, NaN))), /but found NaN/);
});

Deno.test("expand() says what does not fit", () => {
  const compacted = compact(makeOutlook(SALES, SEASONAL));
  const refuses = (change: Partial<typeof compacted>, message: RegExp) =>
    assert.throws(() => expand({ ...compacted, ...change }), { name: "RangeError", message });
  refuses({ stores: bytes(2, 1) }, /in order, but series 1 is not/);
  refuses({ stores: bytes(1, 1) }, /in order, but series 1 is not/);
  refuses({ stores: bytes(1, 1), departments: bytes(7, 7) }, /in order, but series 1 is not/);
  for (const wrong of [0, -1, 10_000, 2 ** 16 + 1, 2 ** 31 - 1]) {
    refuses({ stores: bytes(wrong, 2) }, /in order, but series 0 is not/);
    refuses({ departments: bytes(7, wrong) }, /in order, but series 1 is not/);
  }
  refuses({ stores: bytes(1, 2, 3) }, /Expected bytes of 2 numbers, but found 3 bytes/);
  refuses({ departments: bytes() }, /Expected bytes of 2 numbers/);
  refuses({ sales: bytes(1, 2, 3, 4, 5) }, /Expected bytes of 6 numbers/);
  refuses({ seasonal: bytes(1, 2, 3) }, /Expected bytes of 4 numbers/);
  refuses({ known: new Uint8Array(5) }, /Expected 6 marks of known weeks, but found 5/);
  refuses({ known: new Uint8Array(7) }, /Expected 6 marks of known weeks, but found 7/);
  refuses({ known: Uint8Array.of(1, 1, 1, 0, 0, 2) }, /marks of 0 or 1, but found 2/);
  refuses({ seasonal_weeks: 4, seasonal: bytes(1, 2, 3, 4, 5, 6, 7, 8) }, /at most 3 seasonal/);
  refuses({ weeks: 2 }, /Expected 4 marks of known weeks, but found 6/);
  refuses({ weeks: Number.MAX_SAFE_INTEGER }, /Expected bytes of \d/);
  refuses({ series: 3 }, /Expected bytes of 3 numbers/);
});

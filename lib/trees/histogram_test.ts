import assert from "node:assert/strict";
import fc from "fast-check";
import { binTable } from "./binned_table.ts";
import { binColumn, type ColumnKind } from "./binning.ts";
import { createFiller } from "./histogram.ts";
import { createRandom } from "./random.ts";

/** A table with its plain bins, a value for each row, and rows in any order. */
function prepare(kinds: ColumnKind[], columns: Float64Array[], seed: number) {
  const random = createRandom(seed);
  const { length } = columns[0]!;
  const table = binTable(kinds, columns, 255);
  return {
    table,
    filler: createFiller(table),
    bins: columns.map((column, i) => binColumn(kinds[i]!, column).bins),
    // Whole numbers, as in training: their sums are exact.
    values: Float64Array.from({ length }, () => random.integer(2 ** 30) - 2 ** 29),
    order: random.shuffle(length, length),
  };
}

type Prepared = ReturnType<typeof prepare>;

/** 1 to 6 columns with gaps; more rows than fit one bundle's combinations. */
const smallTable = fc.record({
  seed: fc.nat(),
  rows: fc.nat(400),
  kinds: fc.array(fc.constantFrom<ColumnKind>("number", "category"), {
    minLength: 1,
    maxLength: 6,
  }),
}).map(({ seed, rows, kinds }) => {
  const random = createRandom(seed);
  const columns = kinds.map(() => {
    const size = 2 + random.integer(40);
    return Float64Array.from({ length: rows }, () => {
      const value = random.integer(size);
      return value === 0 ? NaN : value;
    });
  });
  return prepare(kinds, columns, seed);
});

/** A panel of 20 stores, 30 weeks and 15 departments: most columns are functions of store and week. */
function panel(): Prepared {
  const random = createRandom(5);
  const rows = Array.from({ length: 20 * 30 * 15 }, (_, row) => row);
  const storeWeek = (row: number) => Math.floor(row / 15);
  const functions = Array.from({ length: 6 }, () => {
    const values = Array.from({ length: 20 * 30 }, () => random.integer(40) || NaN);
    return (row: number) => values[storeWeek(row)]!;
  });
  const columns = [
    (row: number) => Math.floor(storeWeek(row) / 30),
    (row: number) => storeWeek(row) % 30,
    (row: number) => row % 15,
    ...functions,
  ].map((of) => Float64Array.from(rows, of));
  return prepare(columns.map((_, i) => i % 2 === 0 ? "category" : "number"), columns, 5);
}

/** Sums by feature and bin, one row after the other. */
function plainHistogram(
  { table: { starts }, filler, bins, values, order }: Prepared,
  start: number,
  end: number,
): Float64Array {
  const histogram = new Float64Array(filler.slots);
  for (const row of order.subarray(start, end)) {
    for (const [feature, column] of bins.entries()) {
      const slot = starts[feature]! + column[row]!;
      histogram[slot] = histogram[slot]! + values[row]!;
    }
  }
  return histogram;
}

/**
 * Checks a histogram of rows that two threads have: one those from `start` to `middle`, the other
 * those from there to `end`.
 *
 * @param count How many rows the filler is told there are.
 */
function checkFiller(prepared: Prepared, [start, middle, end]: number[], count: number): void {
  const { filler, values, order } = prepared;
  const [sums, others] = [0, 1].map(() => new Float64Array(filler.bundleSlots));
  filler.add(sums!, values, order, start!, middle!, count);
  filler.add(others!, values, order, middle!, end!, count);
  filler.merge(sums!, others!, count);
  assert.ok(others!.every((sum) => sum === 0), "merge() leaves sums");
  // What stands in the histogram already is kept.
  const histogram = new Float64Array(filler.slots).fill(3);
  filler.spread(sums!, histogram, count);
  assert.ok(sums!.every((sum) => sum === 0), "spread() leaves sums");
  const expected = plainHistogram(prepared, start!, end!);
  assert.deepEqual(histogram, expected.map((sum) => sum + 3));
}

const cuts = (rows: number) =>
  fc.tuple(fc.nat(rows), fc.nat(rows), fc.nat(rows)).map((cuts) => cuts.sort((a, b) => a - b));

Deno.test("createFiller() sums up rows by feature and bin, of two threads as of one", () => {
  const withCuts = smallTable.chain((prepared) =>
    fc.tuple(fc.constant(prepared), cuts(prepared.table.rows))
  );
  fc.assert(fc.property(withCuts, ([prepared, cuts]) => {
    checkFiller(prepared, cuts, cuts[2]! - cuts[0]!);
  }));
});

Deno.test("createFiller() sums up the same by narrow and by wide bundles", () => {
  const prepared = panel();
  const { table, filler, values, order } = prepared;
  assert.equal(table.wide?.bundles.length, 2);
  const narrowSlots = table.narrow.starts.at(-1)!;
  const isNarrow = (count: number) => {
    const sums = new Float64Array(filler.bundleSlots);
    filler.add(sums, values, order, 0, 10, count);
    return sums.subarray(0, narrowSlots).some((sum) => sum !== 0);
  };
  assert.ok(isNarrow(10) && !isNarrow(1e6), "rows of all threads do not decide");
  fc.assert(
    fc.property(cuts(table.rows), (cuts) => {
      for (const count of [10, 1e6]) checkFiller(prepared, cuts, count);
    }),
    { numRuns: 10 },
  );
});

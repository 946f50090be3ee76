import assert from "node:assert/strict";
import fc from "fast-check";
import { binColumns, findBins, missingBin } from "./binning.ts";
import { fillHistogram, histogramOffsets } from "./histogram.ts";
import { findSplit, type Split } from "./split.ts";

interface Row {
  /** A small whole number, or NaN. */
  value: number;
  target: number;
}

/** The best split by the library, over one feature. */
function bySplit(kind: "number" | "category", rows: Row[], minSamplesLeaf: number) {
  const values = Float64Array.from(rows, ({ value }) => value);
  const targets = Float64Array.from(rows, ({ target }) => target);
  const feature = findBins(kind, values);
  const table = binColumns([feature], [values]);
  const offsets = histogramOffsets(table);
  const histogram = new Float64Array(offsets[1]! * 2);
  const order = Uint32Array.from(rows, (_, row) => row);
  fillHistogram(histogram, offsets, table, targets, order, 0, rows.length, Uint8Array.of(0));
  const totals = { sum: targets.reduce((a, b) => a + b, 0), count: rows.length };
  const split = findSplit(0, feature, histogram, 0, totals, minSamplesLeaf);
  return { split, table, missing: missingBin(feature) };
}

function squaredError(rows: Row[]): number {
  const mean = rows.reduce((sum, { target }) => sum + target, 0) / rows.length;
  return rows.reduce((sum, { target }) => sum + (target - mean) ** 2, 0);
}

/** How much the best of all given ways to part the rows lowers the squared error. */
function bestGain(rows: Row[], ways: ((value: number) => boolean)[], minSamplesLeaf: number) {
  let best = 0;
  for (const goesLeft of ways) {
    const left = rows.filter(({ value }) => goesLeft(value));
    const right = rows.filter(({ value }) => !goesLeft(value));
    if (Math.min(left.length, right.length) < Math.max(1, minSamplesLeaf)) continue;
    best = Math.max(best, squaredError(rows) - squaredError(left) - squaredError(right));
  }
  return best;
}

function check(rows: Row[], result: ReturnType<typeof bySplit>, expected: number): void {
  const scale = 1e-9 * (1 + squaredError(rows));
  const { split, table } = result;
  if (!split) return assert.ok(expected <= scale, `missed a gain of ${expected}`);
  assert.ok(Math.abs(split.gain - expected) <= scale, `${split.gain} is not ${expected}`);
  const left = rows.filter((_, row) => split.left[table.bins[row]!] === 1);
  assert.equal(split.leftCount, left.length);
  const sum = left.reduce((sum, { target }) => sum + target, 0);
  assert.ok(Math.abs(split.leftSum - sum) <= 1e-9 * (1 + Math.abs(sum)));
}

const rows = fc.array(
  fc.record({
    value: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(NaN)),
    target: fc.integer({ min: -50, max: 50 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const minSamplesLeaf = fc.integer({ min: 1, max: 5 });

Deno.test("findSplit() finds the best of all thresholds and sides for missing values", () => {
  fc.assert(
    fc.property(rows, minSamplesLeaf, (rows, minSamplesLeaf) => {
      const ways = [0, 1, 2, 3, 4, 5].flatMap((threshold) =>
        [true, false].map((missingLeft) => (value: number) =>
          Number.isNaN(value) ? missingLeft : value <= threshold
        )
      );
      check(rows, bySplit("number", rows, minSamplesLeaf), bestGain(rows, ways, minSamplesLeaf));
    }),
    { numRuns: 500 },
  );
});

Deno.test("findSplit() finds the best of all sets of categories", () => {
  fc.assert(
    fc.property(rows, (rows) => {
      const sets = Array.from({ length: 2 ** 7 }, (_, set) => set);
      const ways = sets.map((set) => (value: number) =>
        (set >>> (Number.isNaN(value) ? 6 : value) & 1) === 1
      );
      check(rows, bySplit("category", rows, 1), bestGain(rows, ways, 1));
    }),
    { numRuns: 200 },
  );
});

Deno.test("findSplit() keeps min_samples_leaf for categories as well", () => {
  fc.assert(fc.property(rows, minSamplesLeaf, (rows, minSamplesLeaf) => {
    const { split } = bySplit("category", rows, minSamplesLeaf);
    if (!split) return;
    assert.ok(split.leftCount >= minSamplesLeaf);
    assert.ok(rows.length - split.leftCount >= minSamplesLeaf);
  }));
});

Deno.test("findSplit() finds nothing to split where all targets are equal", () => {
  const rows = [0, 1, 2, 3, NaN].map((value) => ({ value, target: 0.1 }));
  assert.equal(bySplit("number", rows, 1).split, undefined);
  assert.equal(bySplit("category", rows, 1).split, undefined);
});

Deno.test("findSplit() sends values that the node did not see to the side with more rows", () => {
  const missingSide = ({ split, missing }: { split: Split | undefined; missing: number }) =>
    split!.left[missing];
  const few = { value: 1, target: 0 }, many = { value: 2, target: 9 };
  assert.equal(missingSide(bySplit("number", [few, many, many], 1)), 0);
  assert.equal(missingSide(bySplit("number", [few, few, many], 1)), 1);
  assert.equal(missingSide(bySplit("category", [few, many, many], 1)), 0);
  assert.equal(missingSide(bySplit("category", [few, few, many], 1)), 1);
});

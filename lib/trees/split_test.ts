import assert from "node:assert/strict";
import fc from "fast-check";
import { binColumn, type ColumnKind, missingBin } from "./binning.ts";
import { chooseQuantization, pack } from "./quantize.ts";
import { SplitSearch } from "./split.ts";

interface Row {
  /** A small whole number, or NaN. */
  value: number;
  target: number;
}

/** The best split by the library, over one feature. */
function bySplit(kind: ColumnKind, rows: Row[], minSamplesLeaf: number) {
  const targets = Float64Array.from(rows, ({ target }) => target);
  const { feature, bins } = binColumn(kind, Float64Array.from(rows, ({ value }) => value));
  const quantization = chooseQuantization(
    { low: Math.min(...targets), high: Math.max(...targets) },
    rows.length,
  );
  const packed = new Float64Array(rows.length);
  pack(quantization, targets, packed);
  const options = { weighted: false, minSamplesLeaf, monotone: undefined };
  const search = new SplitSearch([feature], options);
  search.startTree(quantization);
  let length = 0;
  for (const bin of new Set(bins.toSorted())) {
    search.bins[length] = bin;
    search.sums[length++] = packed.reduce((sum, p, row) => sum + (bins[row] === bin ? p : 0), 0);
  }
  search.startNode(packed.reduce((a, b) => a + b, 0), 0, -Infinity, Infinity);
  search.tryFeature(0, length);
  return { search, bins, missing: missingBin(feature), scale: quantization.scale };
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
  // Targets are rounded to 2^40 steps.
  const tolerance = 1e-9 * (1 + squaredError(rows));
  const { search, bins, scale } = result;
  if (search.feature < 0) return assert.ok(expected <= tolerance, `missed a gain of ${expected}`);
  const gain = search.gain / scale ** 2;
  assert.ok(Math.abs(gain - expected) <= tolerance, `${gain} is not ${expected}`);
  const left = rows.filter((_, row) => search.goesLeft(bins[row]!));
  assert.equal(search.countOf(search.leftSum, 0), left.length);
  const mean = search.meanOf(search.leftSum, 0, -Infinity, Infinity) / scale;
  const sum = left.reduce((sum, { target }) => sum + target, 0);
  assert.ok(Math.abs(mean * left.length - sum) <= 1e-9 * (1 + Math.abs(sum)));
}

const rows = fc.array(
  fc.record({
    value: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(NaN)),
    target: fc.integer({ min: -50, max: 50 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const minSamplesLeaf = fc.integer({ min: 1, max: 5 });

Deno.test("SplitSearch finds the best of all thresholds and sides for missing values", () => {
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

Deno.test("SplitSearch finds the best of all sets of categories", () => {
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

Deno.test("SplitSearch keeps min_samples_leaf for categories as well", () => {
  fc.assert(fc.property(rows, minSamplesLeaf, (rows, minSamplesLeaf) => {
    const { search } = bySplit("category", rows, minSamplesLeaf);
    if (search.feature < 0) return;
    const count = search.countOf(search.leftSum, 0);
    assert.ok(count >= minSamplesLeaf && rows.length - count >= minSamplesLeaf);
  }));
});

Deno.test("SplitSearch finds nothing to split where all targets are equal", () => {
  const rows = [0, 1, 2, 3, NaN].map((value) => ({ value, target: 0.1 }));
  assert.equal(bySplit("number", rows, 1).search.feature, -1);
  assert.equal(bySplit("category", rows, 1).search.feature, -1);
});

Deno.test("SplitSearch sends values that the node did not see to the side with more rows", () => {
  const missingLeft = ({ search, missing }: ReturnType<typeof bySplit>) => search.goesLeft(missing);
  const few = { value: 1, target: 0 }, many = { value: 2, target: 9 };
  assert.equal(missingLeft(bySplit("number", [few, many, many], 1)), false);
  assert.equal(missingLeft(bySplit("number", [few, few, many], 1)), true);
  assert.equal(missingLeft(bySplit("category", [few, many, many], 1)), false);
  assert.equal(missingLeft(bySplit("category", [few, few, many], 1)), true);
});

import { type DistinctValues, distinctValues, MISSING_CODE } from "./distinct.ts";
import { samplePlace } from "./random.ts";
import { release } from "./release.ts";

/** What a column holds: quantities in order, or codes of categories without order. */
export type ColumnKind = "number" | "category";

/**
 * How the values of a feature become bins. A number `x` falls into the first bin `i` with
 * `x <= edges[i]`, or into the last one; a category into the bin of its place in `categories`. One
 * more bin, {@linkcode missingBin}, takes NaN and categories that training did not keep.
 */
export type FeatureBins =
  | { kind: "number"; edges: Float64Array }
  | { kind: "category"; categories: Float64Array };

/** Most bins a feature may have besides the missing bin: all fit one byte. */
export const MAX_BINS = 255;

/** A number column with more different values than this is binned by a sample of its rows. */
const DISTINCT_LIMIT = 16_384;

/** How many rows that sample has. */
const SAMPLE = 65_536;

/** The bin of missing values, which is also the number of the other bins. */
export function missingBin(feature: FeatureBins): number {
  return feature.kind === "number" ? feature.edges.length + 1 : feature.categories.length;
}

/**
 * Chooses the bins of a column, and sorts its rows into them. Every distinct value gets a bin of its
 * own where they are at most `maxBins`, else bins take about equal numbers of rows. Of more than
 * `maxBins` categories the most frequent are kept.
 *
 * @param maxBins 2 to {@linkcode MAX_BINS}.
 * @returns The feature's bins, and the bin of each row.
 */
export function binColumn(
  kind: ColumnKind,
  column: Float64Array,
  maxBins = MAX_BINS,
): { feature: FeatureBins; bins: Uint8Array } {
  const distinct = distinctValues(column, DISTINCT_LIMIT);
  const { values, counts } = distinct ?? countSample(column, kind);
  const feature: FeatureBins = kind === "category"
    ? { kind, categories: keepFrequent(values, counts, maxBins) }
    : { kind, edges: findEdges(values, counts, maxBins) };
  const bins = new Uint8Array(column.length);
  if (distinct) {
    lookUpBins(feature, distinct, bins);
    release(distinct.codes);
  } else {
    release(values);
    release(counts);
    fillBins(feature, column, bins);
  }
  return { feature, bins };
}

/** Different values of a strided sample of numbers, or of all categories. */
function countSample(
  column: Float64Array,
  kind: ColumnKind,
): Pick<DistinctValues, "values" | "counts"> {
  const step = kind === "category" ? 1 : Math.max(1, Math.floor(column.length / SAMPLE));
  const sample = new Float64Array(Math.ceil(column.length / step));
  for (let i = 0; i < sample.length; i++) sample[i] = column[samplePlace(i, step, column.length)]!;
  sample.sort();
  // Over the sample itself: what is written never overtakes what is read.
  const counts = new Uint32Array(sample.length);
  let found = 0;
  // Sorting puts NaN last.
  for (let i = 0; i < sample.length && sample[i] === sample[i]; i++) {
    const value = sample[i]! + 0;
    if (found > 0 && value === sample[found - 1]) counts[found - 1] = counts[found - 1]! + 1;
    else {
      sample[found] = value;
      counts[found++] = 1;
    }
  }
  return { values: sample.subarray(0, found), counts: counts.subarray(0, found) };
}

function keepFrequent(values: Float64Array, counts: Uint32Array, maxBins: number): Float64Array {
  const order = Array.from(values, (_, index) => index);
  order.sort((a, b) => counts[b]! - counts[a]! || values[a]! - values[b]!);
  return Float64Array.from(order.slice(0, maxBins), (index) => values[index]!).sort();
}

function findEdges(values: Float64Array, counts: Uint32Array, maxBins: number): Float64Array {
  const sorted = values.slice().sort();
  // Sorting numbers of values by a comparison of ours takes ten times as long, and megabytes.
  const inOrder = new Uint32Array(sorted.length);
  for (let i = 0; i < values.length; i++) inOrder[placeOf(sorted, values[i]!)] = counts[i]!;
  const edges: number[] = [];
  let rowsLeft = counts.reduce((sum, count) => sum + count, 0);
  let inBin = 0;
  for (let i = 0; i + 1 < sorted.length; i++) {
    inBin += inOrder[i]!;
    const binsLeft = maxBins - edges.length;
    if (binsLeft <= 1) break;
    // Sharing out what is left, not the total, keeps one value that fills many bins' worth of
    // rows from starving the others.
    if (values.length <= maxBins || inBin >= rowsLeft / binsLeft) {
      edges.push(middle(sorted[i]!, sorted[i + 1]!));
      rowsLeft -= inBin;
      inBin = 0;
    }
  }
  return Float64Array.from(edges);
}

/** A number `x` with `low <= x < high`, half way where floating point has one. */
function middle(low: number, high: number): number {
  const x = low / 2 + high / 2;
  return x >= low && x < high ? x : low;
}

function lookUpBins(feature: FeatureBins, distinct: DistinctValues, bins: Uint8Array): void {
  const binOfCode = new Uint8Array(MISSING_CODE + 1);
  fillBins(feature, distinct.values, binOfCode);
  binOfCode[MISSING_CODE] = missingBin(feature);
  const { codes } = distinct;
  for (let row = 0; row < codes.length; row++) bins[row] = binOfCode[codes[row]!]!;
}

/**
 * Puts the bin of each value of a column into `bins`.
 *
 * @param stride The bin of row `i` goes to `bins[offset + i * stride]`.
 */
export function fillBins(
  feature: FeatureBins,
  column: Float64Array,
  bins: Uint8Array,
  offset = 0,
  stride = 1,
): void {
  for (let row = 0; row < column.length; row++) {
    bins[offset + row * stride] = binOf(feature, column[row]!);
  }
}

/** Bin of one value. */
export function binOf(feature: FeatureBins, value: number): number {
  if (Number.isNaN(value)) return missingBin(feature);
  if (feature.kind === "number") return placeOf(feature.edges, value);
  const { categories } = feature;
  const place = placeOf(categories, value);
  return categories[place] === value ? place : categories.length;
}

/**
 * The first place whose number is not less than the value; 0 for NaN. As many steps for every value,
 * and no branch that the processor could guess wrong: twice as fast as halving by branches.
 */
export function placeOf(sorted: Float64Array, value: number): number {
  let length = sorted.length, low = 0;
  if (length === 0) return 0;
  while (length > 1) {
    const half = length >>> 1;
    low += half & -Number(sorted[low + half - 1]! < value);
    length -= half;
  }
  return low + Number(sorted[low]! < value);
}

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

/** Rows of bins, row by row (`bins[row * features.length + feature]`). */
export interface BinnedTable {
  rows: number;
  features: FeatureBins[];
  bins: Uint8Array;
}

/** Most bins a feature may have besides the missing bin: all fit one byte. */
export const MAX_BINS = 255;

/** The bin of missing values, which is also the number of the other bins. */
export function missingBin(feature: FeatureBins): number {
  return feature.kind === "number" ? feature.edges.length + 1 : feature.categories.length;
}

/**
 * Chooses the bins of a column: every distinct value its own where they are at most `maxBins`, else
 * bins of about equal numbers of rows. Of more than `maxBins` categories the most frequent are kept.
 *
 * @param maxBins 2 to {@linkcode MAX_BINS}.
 */
export function findBins(kind: ColumnKind, values: Float64Array, maxBins = MAX_BINS): FeatureBins {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value === distinct[distinct.length - 1]) counts[counts.length - 1]!++;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  return kind === "category"
    ? { kind, categories: keepFrequent(distinct, counts, maxBins) }
    : { kind, edges: findEdges(distinct, counts, maxBins) };
}

function keepFrequent(distinct: number[], counts: number[], maxBins: number): Float64Array {
  const order = distinct.map((_, index) => index);
  order.sort((a, b) => counts[b]! - counts[a]! || a - b);
  return Float64Array.from(order.slice(0, maxBins), (index) => distinct[index]!).sort();
}

function findEdges(distinct: number[], counts: number[], maxBins: number): Float64Array {
  const edges: number[] = [];
  let rowsLeft = counts.reduce((sum, count) => sum + count, 0);
  let inBin = 0;
  for (let i = 0; i + 1 < distinct.length; i++) {
    inBin += counts[i]!;
    const binsLeft = maxBins - edges.length;
    if (binsLeft <= 1) break;
    // Sharing out what is left, not the total, keeps one value that fills many bins' worth of
    // rows from starving the others.
    if (distinct.length <= maxBins || inBin >= rowsLeft / binsLeft) {
      edges.push(middle(distinct[i]!, distinct[i + 1]!));
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

/** Bin of one value. */
export function binOf(feature: FeatureBins, value: number): number {
  if (Number.isNaN(value)) return missingBin(feature);
  if (feature.kind === "number") return lowerBound(feature.edges, value);
  const { categories } = feature;
  const index = lowerBound(categories, value);
  return categories[index] === value ? index : categories.length;
}

/** First index whose element is not less than `value`; `sorted.length` if there is none. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (sorted[mid]! < value) low = mid + 1;
    else high = mid;
  }
  return low;
}

/**
 * Bins of a table's columns.
 *
 * @param columns One array a feature, all of the same length, in the order of `features`.
 * @param options `shared`: whether the bins stand in memory that workers share.
 */
export function binColumns(
  features: FeatureBins[],
  columns: Float64Array[],
  { shared = false }: { shared?: boolean } = {},
): BinnedTable {
  const rows = columns[0]?.length ?? 0;
  const width = features.length;
  const size = rows * width;
  const bins = new Uint8Array(shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
  for (const [index, feature] of features.entries()) {
    const column = columns[index]!;
    for (let row = 0; row < rows; row++) {
      bins[row * width + index] = binOf(feature, column[row]!);
    }
  }
  return { rows, features, bins };
}

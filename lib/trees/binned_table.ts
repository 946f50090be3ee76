import { binColumn, type ColumnKind, type FeatureBins, missingBin } from "./binning.ts";
import { type Bundling, findBundles, layOut } from "./bundles.ts";
import { release } from "./release.ts";

/** Training rows as bins. Everything of the size of the rows stands in memory that workers share. */
export interface BinnedTable {
  rows: number;
  features: FeatureBins[];
  /** First slot of each feature in a histogram, and the number of slots at the end. */
  starts: Uint32Array;
  /** The features in bundles of at most 256 combinations, one byte each. */
  narrow: Bundling;
  /** The narrow bundles in bundles of more combinations, where that halves their number at least. */
  wide: Bundling | undefined;
  /** Where each feature stands in `narrow`. */
  places: { bundle: number; part: number }[];
}

/** Combinations of a wide bundle: their sums, 64 kB, stay in a core's cache. */
const WIDE = 8192;

/** Bins columns of equal length; see {@linkcode binColumn} and {@linkcode findBundles}. */
export function binTable(
  kinds: ColumnKind[],
  columns: Float64Array[],
  maxBins: number,
): BinnedTable {
  const binned = kinds.map((kind, i) => binColumn(kind, columns[i]!, maxBins));
  const features = binned.map(({ feature }) => feature);
  const sizes = features.map((feature) => missingBin(feature) + 1);
  const starts = new Uint32Array(features.length + 1);
  for (const [index, size] of sizes.entries()) starts[index + 1] = starts[index]! + size;
  const rows = columns[0]?.length ?? 0;
  const bins = binned.map(({ bins }) => bins);
  const narrow = findBundles(bins, sizes, 256);
  for (const column of bins) if (!narrow.columns.includes(column)) release(column);
  const wide = findBundles(narrow.columns, narrow.bundles.map(({ size }) => size), WIDE);
  const places: BinnedTable["places"] = [];
  for (const [bundle, { columns }] of narrow.bundles.entries()) {
    for (const [part, feature] of columns.entries()) places[feature] = { bundle, part };
  }
  // Its codes take two bytes: as many as the narrow ones at most.
  const isFewer = wide.bundles.length * 2 <= narrow.bundles.length;
  const table: BinnedTable = {
    rows,
    features,
    starts,
    narrow: layOut(narrow, rows),
    wide: isFewer ? layOut(wide, rows) : undefined,
    places,
  };
  for (const column of new Set([...narrow.columns, ...wide.columns])) release(column);
  return table;
}

/** For each code of the narrow bundle that `feature` is in: the feature's bin. */
export function binsByCode({ narrow, places }: BinnedTable, feature: number): Uint8Array {
  const { bundle, part } = places[feature]!;
  const { columns, size, parts } = narrow.bundles[bundle]!;
  const bins = new Uint8Array(256);
  for (let code = 0; code < size; code++) bins[code] = parts[code * columns.length + part]!;
  return bins;
}

import type { BinnedTable } from "./binned_table.ts";
import type { Bundling } from "./bundles.ts";

/**
 * Adds rows to sums over bundles' codes, one addition a row and bundle. This is where training
 * spends its time.
 *
 * @param sums One number a slot of the bundling.
 * @param values What to add for each row of the table.
 * @param order Row numbers; those from `start` to `end` are added.
 */
export function addRows(
  sums: Float64Array,
  { codes, starts, bundles }: Bundling,
  values: Float64Array,
  order: Uint32Array,
  start: number,
  end: number,
): void {
  const width = bundles.length;
  if (width === 2) {
    const second = starts[1]!;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const value = values[row]!;
      const a = codes[row * 2]!;
      const b = second + codes[row * 2 + 1]!;
      sums[a] = sums[a]! + value;
      sums[b] = sums[b]! + value;
    }
    return;
  }
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const value = values[row]!;
    const base = row * width;
    for (let j = 0; j < width; j++) {
      const slot = starts[j]! + codes[base + j]!;
      sums[slot] = sums[slot]! + value;
    }
  }
}

/** For each slot of a bundling: the slots of the columns that it stands for. */
interface Spread {
  /** Columns of each bundle. */
  widths: number[];
  sizes: number[];
  /** One after the other: the columns' slots of each slot. */
  slots: Uint16Array;
  /** About what it takes, in additions. */
  cost: number;
}

function planSpread({ bundles }: Bundling, columnStarts: Uint32Array): Spread {
  const slots = bundles.flatMap(({ columns, size, parts }) => {
    const width = columns.length;
    const slots = new Uint16Array(size * width);
    for (let i = 0; i < slots.length; i++) {
      slots[i] = columnStarts[columns[i % width]!]! + parts[i]!;
    }
    return [slots];
  });
  const cost = slots.reduce((sum, part) => sum + part.length, 0);
  const joined = new Uint16Array(cost);
  let at = 0;
  for (const part of slots) {
    joined.set(part, at);
    at += part.length;
  }
  return {
    widths: bundles.map(({ columns }) => columns.length),
    sizes: bundles.map(({ size }) => size),
    slots: joined,
    cost,
  };
}

/** Adds sums over bundles to those over their columns, and clears the former. */
function spread({ widths, sizes, slots }: Spread, from: Float64Array, to: Float64Array): void {
  let slot = 0, at = 0;
  for (let bundle = 0; bundle < widths.length; bundle++) {
    const width = widths[bundle]!;
    const end = slot + sizes[bundle]!;
    for (; slot < end; slot++, at += width) {
      const value = from[slot]!;
      if (value === 0) continue;
      from[slot] = 0;
      addAt(to, slots, at, at + width, value);
    }
  }
}

/** Adds a value at each of the places `slots[start..end)`. */
function addAt(
  sums: Float64Array,
  slots: Uint16Array,
  start: number,
  end: number,
  value: number,
): void {
  for (let i = start; i < end; i++) {
    const slot = slots[i]!;
    sums[slot] = sums[slot]! + value;
  }
}

/**
 * Sums of rows by feature and bin, slot `starts[feature] + bin`, by way of sums over bundles: these
 * may be added up by several threads.
 */
export interface HistogramFiller {
  /** Numbers that sums over bundles take. */
  bundleSlots: number;
  /** Numbers that a histogram takes. */
  slots: number;
  /**
   * Adds the rows `order[start..end)` to sums over bundles.
   *
   * @param count How many rows all threads together add: it decides over which bundles.
   */
  add(
    sums: Float64Array,
    values: Float64Array,
    order: Uint32Array,
    start: number,
    end: number,
    count: number,
  ): void;
  /** Adds another thread's sums, and clears those. */
  merge(sums: Float64Array, others: Float64Array, count: number): void;
  /** Adds the sums to a histogram, and clears them. */
  spread(sums: Float64Array, histogram: Float64Array, count: number): void;
}

/** How many numbers sums over bundles take, and a histogram. */
export function countSlots(
  { starts, features, narrow, wide }: BinnedTable,
): Pick<HistogramFiller, "bundleSlots" | "slots"> {
  const ofWide = wide ? wide.starts[wide.bundles.length]! : 0;
  return {
    bundleSlots: narrow.starts[narrow.bundles.length]! + ofWide,
    slots: starts[features.length]!,
  };
}

/** Makes a filler for a table's histograms. */
export function createFiller(table: BinnedTable): HistogramFiller {
  const { starts, narrow, wide } = table;
  const toFeatures = planSpread(narrow, starts);
  const toNarrow = wide && planSpread(wide, narrow.starts);
  const narrowSlots = narrow.starts[narrow.bundles.length]!;
  const { bundleSlots, slots } = countSlots(table);
  // Spreading a slot takes a little less than adding a row to a bundle.
  const fewest = wide
    ? 0.7 * toNarrow!.cost / (narrow.bundles.length - wide.bundles.length)
    : Infinity;
  return {
    bundleSlots,
    slots,
    add(sums, values, order, start, end, count) {
      if (count > fewest) addRows(sums.subarray(narrowSlots), wide!, values, order, start, end);
      else addRows(sums, narrow, values, order, start, end);
    },
    merge(sums, others, count) {
      const first = count > fewest ? narrowSlots : 0;
      const end = count > fewest ? bundleSlots : narrowSlots;
      for (let slot = first; slot < end; slot++) {
        sums[slot] = sums[slot]! + others[slot]!;
        others[slot] = 0;
      }
    },
    spread(sums, histogram, count) {
      if (count > fewest) spread(toNarrow!, sums.subarray(narrowSlots), sums);
      spread(toFeatures, sums, histogram);
    },
  };
}

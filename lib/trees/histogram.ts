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
      for (let i = 0; i < width; i++) {
        const target = slots[at + i]!;
        to[target] = to[target]! + value;
      }
    }
  }
}

/** Sums of rows by feature and bin: slot `starts[feature] + bin`. */
export interface HistogramFiller {
  /** Number of slots. */
  size: number;
  /** Adds the rows `order[start..end)` to `histogram`. */
  fill(
    histogram: Float64Array,
    values: Float64Array,
    order: Uint32Array,
    start: number,
    end: number,
  ): void;
}

/** Makes a filler for a table's histograms. */
export function createFiller({ starts, features, narrow, wide }: BinnedTable): HistogramFiller {
  const toFeatures = planSpread(narrow, starts);
  const narrowSums = new Float64Array(narrow.starts[narrow.bundles.length]!);
  const toNarrow = wide && planSpread(wide, narrow.starts);
  const wideSums = new Float64Array(wide?.starts[wide.bundles.length] ?? 0);
  return {
    size: starts[features.length]!,
    fill(histogram, values, order, start, end) {
      // Spreading a slot takes a little less than adding a row to a bundle.
      const fewer = wide ? narrow.bundles.length - wide.bundles.length : 0;
      if (wide && (end - start) * fewer > 0.7 * toNarrow!.cost) {
        addRows(wideSums, wide, values, order, start, end);
        spread(toNarrow!, wideSums, narrowSums);
      } else addRows(narrowSums, narrow, values, order, start, end);
      spread(toFeatures, narrowSums, histogram);
    },
  };
}

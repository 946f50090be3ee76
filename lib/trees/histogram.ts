import type { BinnedTable } from "./binning.ts";
import { missingBin } from "./binning.ts";

/**
 * Where each feature's bins stand in a histogram: feature `f` has slots `offsets[f]` up to
 * `offsets[f + 1]`, the last of them its missing bin.
 */
export function histogramOffsets(table: BinnedTable): Uint32Array {
  const offsets = new Uint32Array(table.features.length + 1);
  for (const [index, feature] of table.features.entries()) {
    offsets[index + 1] = offsets[index]! + missingBin(feature) + 1;
  }
  return offsets;
}

/**
 * Adds rows to a histogram: slot `s` holds the sum of targets at `2 s` and the number of rows at
 * `2 s + 1`. This is where training spends its time.
 *
 * @param histogram Two numbers a slot; not cleared here.
 * @param order Row numbers; those from `start` to `end` are added.
 * @param features Which features to fill.
 */
export function fillHistogram(
  histogram: Float64Array,
  offsets: Uint32Array,
  table: BinnedTable,
  targets: Float64Array,
  order: Uint32Array,
  start: number,
  end: number,
  features: Uint8Array,
): void {
  const { bins } = table;
  const width = table.features.length;
  const count = features.length;
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const target = targets[row]!;
    const base = row * width;
    for (let j = 0; j < count; j++) {
      const feature = features[j]!;
      const slot = (offsets[feature]! + bins[base + feature]!) * 2;
      histogram[slot] = histogram[slot]! + target;
      histogram[slot + 1] = histogram[slot + 1]! + 1;
    }
  }
}

/** Turns a parent's histogram into the sibling's, in place: what is not in `child` is its. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] = parent[i]! - child[i]!;
}

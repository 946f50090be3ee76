import type { BinnedTable } from "./binned_table.ts";
import { chooseLeafStep, type Tree } from "./ensemble.ts";
import { createGrow, type Grow } from "./grow.ts";
import { deviationsFrom, meanOf } from "./mean.ts";
import type { CompleteForest } from "./parameters.ts";
import { leafOf } from "./predict.ts";
import { chooseQuantization, isTooCoarse, pack, quantizeWeights } from "./quantize.ts";
import { createRandom, selectRows } from "./random.ts";
import { spreadOf } from "./spread.ts";
import { createTableReader } from "./table_reader.ts";
import { finishTree, gainByFeature, growOptions, leafMeans, quantizedMeans } from "./tree.ts";

/** A forest's forecasts of rows by the trees that did not draw them, summed up. */
export interface OutOfBag {
  /** Sum of leaves, by row. */
  sums: Float64Array;
  /** Number of trees, by row. */
  counts: Uint32Array;
}

/** What each tree of a forest learns from. */
export interface ForestData {
  table: BinnedTable;
  /** By row; what the forest's base leaves over. */
  deviations: Float64Array;
  weights: Float64Array | undefined;
  parameters: CompleteForest;
  leafStep: number;
}

/** The forest's base, the mean target, and the steps that its leaves are rounded to. */
export function prepareForest(
  table: BinnedTable,
  targets: Float64Array,
  weights: Float64Array | undefined,
  parameters: CompleteForest,
): { base: number; data: ForestData } {
  const base = meanOf(targets, weights);
  const deviations = deviationsFrom(base, targets);
  const leafStep = chooseLeafStep("mean", spreadOf(deviations), parameters.n_estimators);
  return { base, data: { table, deviations, weights, parameters, leafStep } };
}

/**
 * Makes a function that grows tree number `index` of a random forest (Breiman 2001). A tree depends
 * on nothing but the data, the parameters and its number, so any worker may grow it.
 *
 * @param outOfBag Where to add each tree's forecasts of the rows that it did not draw.
 */
export function createForestGrower(
  { table, deviations, weights, parameters, leafStep }: ForestData,
  outOfBag?: OutOfBag,
): (index: number) => Tree {
  const { rows } = table;
  const size = Math.max(1, Math.round(parameters.max_samples * rows));
  const quantized = weights && quantizeWeights(weights, size);
  const weighted = weights ? deviations.map((value, row) => value * weights[row]!) : deviations;
  const spread = spreadOf(weighted);
  const quantization = chooseQuantization(spread, size, !weights && isTooCoarse(spread, size));
  const hasSecond = weights !== undefined || quantization.countsApart;
  const options = growOptions(parameters, table.features.length, hasSecond);
  const grow: Grow = createGrow(table, options);
  const packed = new Float64Array(rows);
  const drawnWeights = hasSecond ? new Float64Array(rows) : undefined;
  const copies = new Uint8Array(rows);
  const readBins = createTableReader(table);
  const order = new Uint32Array(Math.min(rows, size));

  return (index) => {
    const random = createRandom(parameters.random_state, index);
    const key = random.integer(2 ** 32) | 0;
    drawRows(copies, size, parameters.bootstrap, random);
    pack(quantization, weighted, packed);
    let drawn = 0;
    for (let row = 0; row < rows; row++) {
      const times = copies[row]!;
      if (times === 0) continue;
      order[drawn++] = row;
      packed[row] = packed[row]! * times;
      if (drawnWeights) drawnWeights[row] = (quantized ? quantized.weights[row]! : 1) * times;
    }
    const structure = grow(
      { quantization, packed, weights: drawnWeights },
      order.subarray(0, drawn),
      key,
    );
    const values = options.monotone
      ? quantizedMeans(structure, quantization, quantized?.scale)
      : leafMeans(structure, order, deviations, weights, copies);
    const gain = gainByFeature(structure, table.features.length, quantization, quantized?.scale);
    const tree = finishTree(structure, values, leafStep, gain);
    if (outOfBag) {
      const { sums, counts } = outOfBag;
      for (let row = 0; row < rows; row++) {
        if (copies[row]! > 0) continue;
        sums[row] = sums[row]! + tree.value[leafOf(tree, table.features, readBins(row), 0)]!;
        counts[row] = counts[row]! + 1;
      }
    }
    return tree;
  };
}

/** Counts how often each row is drawn. */
function drawRows(
  copies: Uint8Array,
  size: number,
  replace: boolean,
  random: ReturnType<typeof createRandom>,
): void {
  const rows = copies.length;
  copies.fill(0);
  if (!replace) return selectRows(copies, size, random);
  for (let i = 0; i < size; i++) {
    const row = random.integer(rows);
    // One row 255 times is a chance below 10^-500 for any number of rows above two.
    copies[row] = Math.min(255, copies[row]! + 1);
  }
}

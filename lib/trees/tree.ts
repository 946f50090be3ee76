import { LEAF, type Tree } from "./ensemble.ts";
import type { GrowOptions } from "./grow.ts";
import type { Structure } from "./node_buffer.ts";
import type { TreeParameters } from "./parameters.ts";
import type { Quantization } from "./quantize.ts";

/** A tree's limits from a learner's parameters. */
export function growOptions(
  { max_depth, max_leaf_nodes, min_samples_leaf, max_features, monotonic_cst }:
    & Required<Omit<TreeParameters, "monotonic_cst">>
    & Pick<TreeParameters, "monotonic_cst">,
  features: number,
  weighted: boolean,
): GrowOptions {
  return {
    maxDepth: max_depth ?? Infinity,
    maxLeafNodes: max_leaf_nodes ?? Infinity,
    minSamplesLeaf: min_samples_leaf,
    maxFeatures: Math.max(1, Math.round(max_features * features)),
    monotone: monotonic_cst?.some((sign) => sign !== 0) ? Int8Array.from(monotonic_cst) : undefined,
    weighted,
  };
}

/** By how much the splits on each feature lowered the weighted sum of squared errors. */
export function gainByFeature(
  { feature, gain }: Structure,
  features: number,
  { scale }: Quantization,
  weightScale = 1,
): Float64Array {
  const total = new Float64Array(features);
  const unit = scale > 0 ? weightScale / (scale * scale) : 0;
  for (let node = 0; node < feature.length; node++) {
    const index = feature[node]!;
    if (index !== LEAF) total[index] = total[index]! + gain[node]! * unit;
  }
  return total;
}

/**
 * Mean of the values of the rows in each leaf.
 *
 * @param order The tree's rows, leaf by leaf.
 * @param copies How often each row counts; once where not given.
 */
export function leafMeans(
  { leafEnds }: Structure,
  order: Uint32Array,
  values: Float64Array,
  weights?: Float64Array,
  copies?: Uint8Array,
): Float64Array {
  const means = new Float64Array(leafEnds.length);
  for (let leaf = 0, i = 0; leaf < leafEnds.length; leaf++) {
    let sum = 0, total = 0;
    for (const end = leafEnds[leaf]!; i < end; i++) {
      const row = order[i]!;
      const weight = (weights ? weights[row]! : 1) * (copies ? copies[row]! : 1);
      sum += weight * values[row]!;
      total += weight;
    }
    means[leaf] = sum / total;
  }
  return means;
}

/** Means of the quantized targets in each leaf, as the tree's growth knows them, in their unit. */
export function quantizedMeans(
  { feature, mean, leafEnds }: Structure,
  { scale }: Quantization,
  weightScale = 1,
): Float64Array {
  const means = new Float64Array(leafEnds.length);
  const unit = scale > 0 ? weightScale / scale : 0;
  for (let leaf = 0, node = 0; leaf < means.length; node++) {
    if (feature[node] === LEAF) means[leaf++] = mean[node]! * unit;
  }
  return means;
}

/** A tree whose leaves have these values, rounded; `gain` as {@linkcode gainByFeature} counts it. */
export function finishTree(
  { feature, split, right, sets, leafRows }: Structure,
  values: Float64Array,
  leafStep: number,
  gain: Float64Array,
): Tree {
  const value = new Float32Array(feature.length), cover = new Uint32Array(feature.length);
  for (let leaf = 0, node = 0; leaf < values.length; node++) {
    if (feature[node] !== LEAF) continue;
    value[node] = roundTo(leafStep, values[leaf]!);
    cover[node] = leafRows[leaf++]!;
  }
  return { feature, split, right, sets, value, cover, gain };
}

/** The multiple of `step`, a power of two, next to a number. */
function roundTo(step: number, value: number): number {
  // Adding 0 makes -0 and 0 one.
  return Math.round(value / step) * step + 0;
}

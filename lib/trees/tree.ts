import { LEAF } from "./ensemble.ts";
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
): GrowOptions {
  return {
    maxDepth: max_depth ?? Infinity,
    maxLeafNodes: max_leaf_nodes ?? Infinity,
    minSamplesLeaf: min_samples_leaf,
    maxFeatures: Math.max(1, Math.round(max_features * features)),
    monotone: monotonic_cst?.some((sign) => sign !== 0) ? Int8Array.from(monotonic_cst) : undefined,
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

/** The multiple of `step`, a power of two, next to a number. */
export function roundTo(step: number, value: number): number {
  return Math.round(value / step) * step;
}

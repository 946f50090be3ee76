import { type FeatureBins, missingBin } from "./binning.ts";
import type { Spread } from "./spread.ts";

/** In {@linkcode Nodes.feature}: the node is a leaf. */
export const LEAF = 255;

/** In {@linkcode Nodes.split} of a number: missing values go left. */
export const MISSING_LEFT = 256;

/**
 * Nodes of one or more trees, flat. A tree's nodes follow each other in pre-order, so that a split's
 * left child is the node right behind it.
 */
export interface Nodes {
  /** The feature a split looks at, or {@linkcode LEAF}. */
  feature: Uint8Array;
  /**
   * Numbers: the highest bin that goes left, plus {@linkcode MISSING_LEFT}. Categories: where the
   * set of the bins that go left begins in `sets`. Leaves: 0.
   */
  split: Uint32Array;
  /** Splits: index of the right child. Leaves: 0. */
  right: Uint32Array;
  /** Leaves: what they add to the prediction. Splits: 0. */
  value: Float32Array;
  /** Leaves: how many training rows they hold, at least 1, each as often as drawn. Splits: 0. */
  cover: Uint32Array;
  /** Sets of bins: bin `b` goes left where bit `b & 7` of byte `b >>> 3` of the set is 1. */
  sets: Uint8Array;
}

/** One grown tree. */
export interface Tree extends Nodes {
  /** By how much the splits on each feature lowered the sum of squared errors. */
  gain: Float64Array;
}

/** A trained model: bins, and the trees over them. */
export interface Ensemble {
  /** Prediction = `base` + the sum of the trees' leaves, divided by their number for "mean". */
  combine: "sum" | "mean";
  base: number;
  /** A power of two, of which every leaf is a whole multiple; see {@linkcode chooseLeafStep}. */
  leafStep: number;
  features: FeatureBins[];
  /** Each tree's first node in `nodes`, and the total number of nodes at the end. */
  roots: Uint32Array;
  /**
   * All trees' nodes. Their sets stand feature by feature, those of a feature in the order of the
   * nodes, each in {@linkcode setBytes} bytes.
   */
  nodes: Nodes;
}

/**
 * The step to whose multiples leaves are rounded, so that sums of leaves are exact in any order and
 * a model's file is small. Half a step is the most that a forecast by a mean of trees can be off by,
 * where all of them round alike: `typical / 2,600` for 100 trees. The roundings of a sum of trees add
 * up to about `typical / 45,000`.
 *
 * @param spread The targets', less the ensemble's base.
 */
export function chooseLeafStep(
  combine: Ensemble["combine"],
  { typical, low, high }: Spread,
  trees: number,
): number {
  // Leaves of many trees are noisier each than their mean: there, finer steps would store noise.
  const factor = combine === "mean" ? Math.sqrt(Math.min(trees, 100)) : 1 / Math.sqrt(trees);
  // The farthest leaf is at most 2^28 steps: so multiples fit 32 bits, and their sums a float64.
  const step = Math.max(typical / 13_000 * factor, (high - low) / 2 ** 28);
  // Far above the smallest float32, of which leaves are made.
  return step > 0 ? 2 ** Math.max(-120, Math.floor(Math.log2(step))) : 1;
}

/** Bytes of a set of a feature's bins, the missing bin among them. */
export function setBytes(feature: FeatureBins): number {
  return (missingBin(feature) + 8) >>> 3;
}

/** Puts trees together. */
export function joinTrees(
  trees: Nodes[],
  features: FeatureBins[],
): Pick<Ensemble, "roots" | "nodes"> {
  const roots = new Uint32Array(trees.length + 1);
  for (const [i, { feature }] of trees.entries()) roots[i + 1] = roots[i]! + feature.length;
  const total = roots[trees.length]!;
  const nodes: Nodes = {
    feature: new Uint8Array(total),
    split: new Uint32Array(total),
    right: new Uint32Array(total),
    value: new Float32Array(total),
    cover: new Uint32Array(total),
    sets: new Uint8Array(0),
  };
  for (const [i, { feature, value, cover }] of trees.entries()) {
    nodes.feature.set(feature, roots[i]);
    nodes.value.set(value, roots[i]);
    nodes.cover.set(cover, roots[i]);
  }
  const nextSet = firstSets(nodes.feature, features);
  nodes.sets = new Uint8Array(nextSet[features.length]!);
  const widths = features.map(setBytes);
  for (const [i, tree] of trees.entries()) {
    const root = roots[i]!;
    for (let node = 0; node < tree.feature.length; node++) {
      const index = tree.feature[node]!;
      if (index === LEAF) continue;
      nodes.right[root + node] = root + tree.right[node]!;
      if (features[index]!.kind === "number") nodes.split[root + node] = tree.split[node]!;
      else {
        const from = tree.split[node]!, to = nextSet[index]!, width = widths[index]!;
        for (let byte = 0; byte < width; byte++) nodes.sets[to + byte] = tree.sets[from + byte]!;
        nodes.split[root + node] = to;
        nextSet[index] = to + width;
      }
    }
  }
  return { roots, nodes };
}

/** For each category: where its first set begins; last: where all sets end. */
function firstSets(feature: Uint8Array, features: FeatureBins[]): Uint32Array {
  const counts = new Uint32Array(LEAF + 1);
  for (let node = 0; node < feature.length; node++) {
    counts[feature[node]!] = counts[feature[node]!]! + 1;
  }
  const first = new Uint32Array(features.length + 1);
  for (const [i, bins] of features.entries()) {
    first[i + 1] = first[i]! + (bins.kind === "category" ? counts[i]! * setBytes(bins) : 0);
  }
  return first;
}

/**
 * Each feature's share of the trees' gain; shares sum to 1, or are all 0 where no tree has a split.
 */
export function gainImportance(trees: Tree[], features: number): Float64Array {
  const total = new Float64Array(features);
  for (const tree of trees) {
    for (let feature = 0; feature < features; feature++) {
      total[feature] = total[feature]! + tree.gain[feature]!;
    }
  }
  const sum = total.reduce((a, b) => a + b, 0);
  return sum > 0 ? total.map((gain) => gain / sum) : total;
}

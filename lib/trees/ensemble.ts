import type { FeatureBins } from "./binning.ts";
import { SET_WORDS } from "./split.ts";

export { SET_WORDS };

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
   * Numbers: the highest bin that goes left, plus {@linkcode MISSING_LEFT}. Categories: number of
   * the set in `sets`. Leaves: 0.
   */
  split: Uint32Array;
  /** Splits: index of the right child, counted from the tree's root. Leaves: 0. */
  right: Uint32Array;
  /** Leaves: what they add to the prediction. Splits: 0. */
  value: Float32Array;
  /** Sets of categories, {@linkcode SET_WORDS} words each, counted within the tree. */
  sets: Uint32Array;
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
  /** Each tree's first set in `nodes.sets` (in sets, not words), and their total at the end. */
  firstSets: Uint32Array;
  nodes: Nodes;
}

/**
 * The step to whose multiples leaves are rounded, so that sums of leaves are exact in any order and
 * a model's file is small. With `spread` the targets' standard deviation, the roundings add about
 * `spread / 56,000` to the error of a sum of trees, and `sqrt(trees)` times that to a mean, whose
 * leaves are noisier by far.
 */
export function chooseLeafStep(
  combine: Ensemble["combine"],
  spread: number,
  trees: number,
): number {
  const step = spread / 2 ** 14 * (combine === "mean" ? trees : 1 / Math.sqrt(trees));
  // Below that, a leaf near the targets' size would not fit the 24 bits of a float32.
  return step > 0 ? 2 ** Math.max(-120, Math.floor(Math.log2(step))) : 1;
}

/** Puts trees together. */
export function joinTrees(trees: Nodes[]): Pick<Ensemble, "roots" | "firstSets" | "nodes"> {
  const roots = new Uint32Array(trees.length + 1);
  const firstSets = new Uint32Array(trees.length + 1);
  for (const [index, tree] of trees.entries()) {
    roots[index + 1] = roots[index]! + tree.feature.length;
    firstSets[index + 1] = firstSets[index]! + tree.sets.length / SET_WORDS;
  }
  const total = roots[trees.length]!;
  const nodes: Nodes = {
    feature: new Uint8Array(total),
    split: new Uint32Array(total),
    right: new Uint32Array(total),
    value: new Float32Array(total),
    sets: new Uint32Array(firstSets[trees.length]! * SET_WORDS),
  };
  for (const [index, tree] of trees.entries()) {
    const root = roots[index]!;
    nodes.feature.set(tree.feature, root);
    nodes.split.set(tree.split, root);
    nodes.right.set(tree.right, root);
    nodes.value.set(tree.value, root);
    nodes.sets.set(tree.sets, firstSets[index]! * SET_WORDS);
  }
  return { roots, firstSets, nodes };
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

import { type FeatureBins, missingBin } from "../trees/binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT, setBytes } from "../trees/ensemble.ts";

/**
 * An ensemble's trees without what follows from their order. Nodes stand in pre-order, so left and
 * right children, ends of trees and numbers of sets need no room.
 */
export interface CompactTrees {
  /** Of each node: its feature, or {@linkcode LEAF}. */
  feature: Uint8Array;
  /** Of each leaf: its value as a multiple of the ensemble's step. */
  value: Int32Array;
  /** Of each leaf: how many rows it holds. */
  cover: Uint32Array;
  /** The splits of each feature, in the order of their nodes. */
  splits: CompactSplits[];
}

/** All splits on one feature. */
export interface CompactSplits {
  /** On a number: the highest bin that goes left. */
  threshold: Uint8Array;
  /** On a number: 1 where missing values go left. */
  missingLeft: Uint8Array;
  /** On a category: one bit a bin (lowest first, missing last), 1 for left, in whole bytes. */
  sets: Uint8Array;
}

/**
 * Reduces an ensemble's nodes to {@linkcode CompactTrees}.
 *
 * @throws {RangeError} where a leaf is not a multiple of `leafStep` that fits 32 bits.
 */
export function compactTrees(
  { features, nodes, leafStep }: Pick<Ensemble, "features" | "nodes" | "leafStep">,
): CompactTrees {
  const counts = countNodes(nodes.feature);
  const splits = features.map((feature, index): CompactSplits => {
    const ofNumber = feature.kind === "number" ? counts[index]! : 0;
    return {
      threshold: new Uint8Array(ofNumber),
      missingLeft: new Uint8Array(ofNumber),
      sets: new Uint8Array(feature.kind === "number" ? 0 : counts[index]! * setBytes(feature)),
    };
  });
  const value = new Int32Array(counts[LEAF]!), cover = new Uint32Array(counts[LEAF]!);
  const next = new Uint32Array(LEAF + 1);
  for (let node = 0; node < nodes.feature.length; node++) {
    const index = nodes.feature[node]!;
    const split = nodes.split[node]!;
    const at = next[index]!;
    next[index] = at + 1;
    if (index === LEAF) {
      cover[at] = nodes.cover[node]!;
      value[at] = nodes.value[node]! / leafStep;
      // Rather no file than one that forecasts something else.
      if (value[at]! * leafStep !== nodes.value[node]) {
        throw new RangeError(
          `Expected leaves that are multiples of ${leafStep}, but found ${nodes.value[node]}`,
        );
      }
    } else if (features[index]!.kind === "number") {
      splits[index]!.threshold[at] = split & 255;
      splits[index]!.missingLeft[at] = split >= MISSING_LEFT ? 1 : 0;
    } else {
      const width = setBytes(features[index]!);
      for (let byte = 0; byte < width; byte++) {
        splits[index]!.sets[at * width + byte] = nodes.sets[split + byte]!;
      }
    }
  }
  return { feature: nodes.feature, value, cover, splits };
}

/**
 * The inverse of {@linkcode compactTrees}.
 *
 * A model is not ready before this is, so the loop over all nodes has no branch that a processor
 * could guess wrong. It runs from the last node to the first: before a split come its right subtree
 * and then its left one, so the roots of both are the last two of those that have no parent yet.
 *
 * @throws {RangeError} where the parts do not make up `trees` whole trees over `features`.
 */
export function expandTrees(
  { feature, value, cover, splits }: CompactTrees,
  features: FeatureBins[],
  trees: number,
  leafStep: number,
): Pick<Ensemble, "roots" | "nodes"> {
  const total = feature.length;
  const { payload, next, sets } = layOut(value, splits, features, leafStep);
  if (payload.length !== total) {
    throw new RangeError(`Expected ${total} splits and leaves, but found ${payload.length}`);
  }
  if (cover.length !== value.length || cover.includes(0)) {
    throw new RangeError("Expected a cover of at least 1 for each leaf, but found others");
  }
  const first = next.slice(), ends = countNodes(feature);
  for (let index = 0; index <= LEAF; index++) {
    ends[index] = ends[index]! + first[index]!;
    if (ends[index] !== first[index + 1]) {
      throw new RangeError("Expected the trees to use all parts, but some are left over");
    }
  }
  const split = new Uint32Array(total), right = new Uint32Array(total);
  const values = new Uint32Array(total), covers = new Uint32Array(total);
  const firstLeaf = first[LEAF]!;
  /** Roots without a parent yet, from the third place on; the first two are for what is broken. */
  const roots = new Uint32Array(total + 2);
  let last = 1, broken = 0;
  for (let node = total - 1; node >= 0; node--) {
    const index = feature[node]!;
    const at = ends[index]! - 1;
    ends[index] = at;
    const leaf = index === LEAF ? 1 : 0;
    const mask = (leaf << 31) >> 31;
    const found = payload[at]!;
    split[node] = found & ~mask;
    values[node] = found & mask;
    covers[node] = cover[(at - firstLeaf) & mask]! & mask;
    // A leaf is put on top; a split replaces its left child, the top, and its right one below.
    broken |= (1 - leaf) & (last < 3 ? 1 : 0);
    right[node] = roots[last - 1]! & ~mask;
    last += 2 * leaf - 1;
    roots[last] = node;
    if (broken) break;
  }
  if (broken || last !== trees + 1) {
    throw new RangeError(`Expected ${trees} whole trees, but found others`);
  }
  const inOrder = new Uint32Array(trees + 1);
  for (let tree = 0; tree < trees; tree++) inOrder[tree] = roots[last - tree]!;
  inOrder[trees] = total;
  const value32 = new Float32Array(values.buffer);
  const nodes = { feature, split, right, value: value32, cover: covers, sets };
  return { roots: inOrder, nodes };
}

function countNodes(feature: Uint8Array): Uint32Array {
  const counts = new Uint32Array(LEAF + 1);
  for (let node = 0; node < feature.length; node++) {
    counts[feature[node]!] = counts[feature[node]!]! + 1;
  }
  return counts;
}

/**
 * Number of a feature's splits.
 *
 * @throws {RangeError} where its parts are not those of splits on its kind.
 */
function countSplits(
  { threshold, missingLeft, sets }: CompactSplits,
  feature: FeatureBins,
): number {
  const isNumber = feature.kind === "number";
  const count = isNumber ? threshold.length : sets.length / setBytes(feature);
  const ofNumber = isNumber ? count : 0;
  if (
    !Number.isInteger(count) || threshold.length !== ofNumber || missingLeft.length !== ofNumber ||
    (isNumber && sets.length > 0)
  ) {
    throw new RangeError(
      `Expected the parts of splits on a ${feature.kind}, but found ${threshold.length} ` +
        `thresholds, ${missingLeft.length} missing_left and ${sets.length} bytes of sets`,
    );
  }
  return count;
}

/**
 * What each node holds besides its feature, feature by feature and leaves last, each in the order of
 * the nodes: thresholds, places of sets, the bits of leaves' values.
 *
 * @returns `next`: where each feature's begin; at {@linkcode LEAF} the leaves', then their end.
 */
function layOut(
  value: Int32Array,
  splits: CompactSplits[],
  features: FeatureBins[],
  leafStep: number,
): { payload: Uint32Array; next: Uint32Array; sets: Uint8Array } {
  const counts = splits.map((ofFeature, i) => countSplits(ofFeature, features[i]!));
  const next = new Uint32Array(LEAF + 2);
  for (let index = 0; index < LEAF; index++) next[index + 1] = next[index]! + (counts[index] ?? 0);
  next[LEAF + 1] = next[LEAF]! + value.length;
  const payload = new Uint32Array(next[LEAF + 1]!);
  const sets = new Uint8Array(splits.reduce((sum, { sets }) => sum + sets.length, 0));
  let set = 0;
  for (const [i, { threshold, missingLeft, sets: ofFeature }] of splits.entries()) {
    const start = next[i]!, count = counts[i]!;
    if (features[i]!.kind === "number") {
      let highest = 0, flags = 0;
      for (let at = 0; at < count; at++) {
        payload[start + at] = threshold[at]! | missingLeft[at]! << 8;
        highest = Math.max(highest, threshold[at]!);
        flags |= missingLeft[at]!;
      }
      // The bin of missing values goes by missing_left alone.
      const missing = missingBin(features[i]!);
      if (highest >= missing || flags > 1) {
        throw new RangeError(
          `Expected thresholds below ${missing} and missing_left of 0 or 1, but found others`,
        );
      }
      continue;
    }
    const width = setBytes(features[i]!);
    for (let at = 0; at < count; at++) payload[start + at] = set + at * width;
    sets.set(ofFeature, set);
    set += ofFeature.length;
  }
  const leaves = new Float32Array(payload.buffer, next[LEAF]! * 4);
  for (let leaf = 0; leaf < value.length; leaf++) leaves[leaf] = value[leaf]! * leafStep;
  return { payload, next, sets };
}

import {
  type Ensemble,
  type FeatureBins,
  joinTrees,
  LEAF,
  MISSING_LEFT,
  missingBin,
  type Nodes,
  SET_WORDS,
} from "../trees/mod.ts";

/**
 * An ensemble's trees without what follows from their order. Nodes stand in pre-order, so left and
 * right children, ends of trees and numbers of sets need no room.
 */
export interface CompactTrees {
  /** Of each node: its feature, or {@linkcode LEAF}. */
  feature: Uint8Array;
  /** Of each split on a number: the highest bin that goes left. */
  threshold: Uint8Array;
  /** Of each split on a number: 1 where missing values go left. */
  missingLeft: Uint8Array;
  /** Of each split on a category: one bit a bin (lowest first, missing last), 1 for left. */
  sets: Uint8Array;
  /** Of each leaf: its value. */
  value: Float32Array;
}

/** Bytes of a set of a feature's bins, the missing bin among them. */
function setBytes(feature: FeatureBins): number {
  return (missingBin(feature) + 8) >>> 3;
}

/** Reduces an ensemble's nodes to {@linkcode CompactTrees}. */
export function compactTrees({ features, nodes, roots, firstSets }: Ensemble): CompactTrees {
  const threshold: number[] = [], missingLeft: number[] = [], sets: number[] = [];
  const value: number[] = [];
  for (let tree = 0; tree + 1 < roots.length; tree++) {
    for (let node = roots[tree]!; node < roots[tree + 1]!; node++) {
      const index = nodes.feature[node]!;
      const split = nodes.split[node]!;
      if (index === LEAF) value.push(nodes.value[node]!);
      else if (features[index]!.kind === "number") {
        threshold.push(split & 255);
        missingLeft.push(split >= MISSING_LEFT ? 1 : 0);
      } else {
        const first = (firstSets[tree]! + split) * SET_WORDS;
        for (let byte = 0; byte < setBytes(features[index]!); byte++) {
          sets.push(nodes.sets[first + (byte >>> 2)]! >>> (byte & 3) * 8 & 255);
        }
      }
    }
  }
  return {
    feature: nodes.feature,
    threshold: Uint8Array.from(threshold),
    missingLeft: Uint8Array.from(missingLeft),
    sets: Uint8Array.from(sets),
    value: Float32Array.from(value),
  };
}

/**
 * The inverse of {@linkcode compactTrees}.
 *
 * @throws {RangeError} where the parts do not make up `trees` whole trees over `features`.
 */
export function expandTrees(
  compact: CompactTrees,
  features: FeatureBins[],
  trees: number,
): Pick<Ensemble, "roots" | "firstSets" | "nodes"> {
  const cursor = { node: 0, number: 0, set: 0, leaf: 0 };
  const expanded = Array.from({ length: trees }, () => expandTree(compact, features, cursor));
  const used = cursor.node === compact.feature.length &&
    cursor.number === compact.threshold.length &&
    cursor.number === compact.missingLeft.length &&
    cursor.set === compact.sets.length &&
    cursor.leaf === compact.value.length;
  if (!used) throw new RangeError("Expected the trees to use all parts, but some are left over");
  return joinTrees(expanded);
}

function expandTree(
  compact: CompactTrees,
  features: FeatureBins[],
  cursor: { node: number; number: number; set: number; leaf: number },
): Nodes {
  const root = cursor.node;
  const size = treeSize(compact.feature, root);
  const nodes: Nodes = {
    feature: compact.feature.slice(root, root + size),
    split: new Uint32Array(size),
    right: new Uint32Array(size),
    value: new Float32Array(size),
    sets: new Uint32Array(0),
  };
  const sets: number[] = [];
  // Splits whose right child has not come yet; the node behind a leaf is that of the last of them.
  const waiting: number[] = [];
  for (let node = 0; node < size; node++) {
    const index = nodes.feature[node]!;
    if (index === LEAF) {
      nodes.value[node] = compact.value[cursor.leaf++]!;
      const parent = waiting.pop();
      if (parent !== undefined) nodes.right[parent] = node + 1;
      continue;
    }
    const feature = features[index];
    if (!feature) throw new RangeError(`Expected a feature below ${features.length}: ${index}`);
    waiting.push(node);
    if (feature.kind === "number") {
      const missing = compact.missingLeft[cursor.number]! ? MISSING_LEFT : 0;
      nodes.split[node] = compact.threshold[cursor.number++]! + missing;
    } else {
      nodes.split[node] = sets.length / SET_WORDS;
      const words = new Array<number>(SET_WORDS).fill(0);
      for (let byte = 0; byte < setBytes(feature); byte++) {
        words[byte >>> 2]! |= compact.sets[cursor.set++]! << (byte & 3) * 8;
      }
      sets.push(...words);
    }
  }
  cursor.node += size;
  nodes.sets = Uint32Array.from(sets);
  return nodes;
}

/** Number of nodes of the tree that begins at `root`. */
function treeSize(feature: Uint8Array, root: number): number {
  let node = root;
  // A whole tree has one leaf more than splits.
  for (let open = 1; open > 0; node++) {
    if (node >= feature.length) throw new RangeError("Expected a whole tree, but it breaks off");
    open += feature[node] === LEAF ? -1 : 1;
  }
  return node - root;
}

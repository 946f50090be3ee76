import {
  type Ensemble,
  type FeatureBins,
  LEAF,
  MISSING_LEFT,
  missingBin,
  SET_WORDS,
} from "../trees/mod.ts";

/**
 * An ensemble's trees without what follows from their order. Nodes stand in pre-order, so left and
 * right children, ends of trees and numbers of sets need no room.
 */
export interface CompactTrees {
  /** Of each node: its feature, or {@linkcode LEAF}. */
  feature: Uint8Array;
  /** Of each leaf: its value as a multiple of the ensemble's step. */
  value: Int32Array;
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

/** Bytes of a set of a feature's bins, the missing bin among them. */
function setBytes(feature: FeatureBins): number {
  return (missingBin(feature) + 8) >>> 3;
}

/** Reduces an ensemble's nodes to {@linkcode CompactTrees}. */
export function compactTrees(
  { features, nodes, roots, firstSets, leafStep }: Ensemble,
): CompactTrees {
  const counts = new Uint32Array(LEAF + 1);
  for (const index of nodes.feature) counts[index] = counts[index]! + 1;
  const splits = features.map((feature, index): CompactSplits => {
    const ofNumber = feature.kind === "number" ? counts[index]! : 0;
    return {
      threshold: new Uint8Array(ofNumber),
      missingLeft: new Uint8Array(ofNumber),
      sets: new Uint8Array(feature.kind === "number" ? 0 : counts[index]! * setBytes(feature)),
    };
  });
  const value = new Int32Array(counts[LEAF]!);
  const next = new Uint32Array(LEAF + 1);
  for (let tree = 0; tree + 1 < roots.length; tree++) {
    for (let node = roots[tree]!; node < roots[tree + 1]!; node++) {
      const index = nodes.feature[node]!;
      const split = nodes.split[node]!;
      const at = next[index]!;
      next[index] = at + 1;
      if (index === LEAF) value[at] = Math.round(nodes.value[node]! / leafStep);
      else if (features[index]!.kind === "number") {
        splits[index]!.threshold[at] = split & 255;
        splits[index]!.missingLeft[at] = split >= MISSING_LEFT ? 1 : 0;
      } else {
        const first = (firstSets[tree]! + split) * SET_WORDS;
        const bytes = setBytes(features[index]!);
        for (let byte = 0; byte < bytes; byte++) {
          splits[index]!.sets[at * bytes + byte] =
            nodes.sets[first + (byte >>> 2)]! >>> (byte & 3) * 8 & 255;
        }
      }
    }
  }
  return { feature: nodes.feature, value, splits };
}

/**
 * The inverse of {@linkcode compactTrees}.
 *
 * @throws {RangeError} where the parts do not make up `trees` whole trees over `features`.
 */
export function expandTrees(
  { feature, value, splits }: CompactTrees,
  features: FeatureBins[],
  trees: number,
  leafStep: number,
): Pick<Ensemble, "roots" | "firstSets" | "nodes"> {
  const total = feature.length;
  const roots = new Uint32Array(trees + 1), firstSets = new Uint32Array(trees + 1);
  const nodes = {
    feature,
    split: new Uint32Array(total),
    right: new Uint32Array(total),
    value: new Float32Array(total),
    sets: new Uint32Array(countSets(splits, features) * SET_WORDS),
  };
  const isNumber = Uint8Array.from(features, ({ kind }) => kind === "number" ? 1 : 0);
  const bytesOfSet = Uint8Array.from(features, setBytes);
  const next = new Uint32Array(features.length);
  /** Splits whose right child has not come yet: the node behind a leaf is that of the last. */
  const waiting: number[] = [];
  let node = 0, leaf = 0, set = 0;
  for (let tree = 0; tree < trees; tree++) {
    const root = node;
    for (let open = 1; open > 0; node++) {
      if (node >= total) throw new RangeError("Expected a whole tree, but it breaks off");
      const index = feature[node]!;
      if (index === LEAF) {
        nodes.value[node] = value[leaf++]! * leafStep;
        open--;
        if (waiting.length > 0) nodes.right[waiting.pop()!] = node + 1 - root;
        continue;
      }
      const ofFeature = splits[index];
      if (!ofFeature) throw new RangeError(`Expected a feature below ${features.length}: ${index}`);
      const at = next[index]!;
      next[index] = at + 1;
      if (isNumber[index]) {
        nodes.split[node] = ofFeature.threshold[at]! | ofFeature.missingLeft[at]! << 8;
      } else {
        const bytes = bytesOfSet[index]!;
        for (let byte = 0; byte < bytes; byte++) {
          const word = set * SET_WORDS + (byte >>> 2);
          nodes.sets[word] = nodes.sets[word]! |
            ofFeature.sets[at * bytes + byte]! << (byte & 3) * 8;
        }
        nodes.split[node] = set++ - firstSets[tree]!;
      }
      waiting.push(node);
      open++;
    }
    roots[tree + 1] = node;
    firstSets[tree + 1] = set;
  }
  const allUsed = node === total && leaf === value.length &&
    features.every((_, i) => next[i] === countSplits(splits[i]!, features[i]!));
  if (!allUsed) throw new RangeError("Expected the trees to use all parts, but some are left over");
  return { roots, firstSets, nodes };
}

function countSplits({ threshold, sets }: CompactSplits, feature: FeatureBins): number {
  return feature.kind === "number" ? threshold.length : sets.length / setBytes(feature);
}

function countSets(splits: CompactSplits[], features: FeatureBins[]): number {
  return features.reduce(
    (sum, feature, i) =>
      feature.kind === "number" ? sum : sum + Math.ceil(countSplits(splits[i]!, feature)),
    0,
  );
}

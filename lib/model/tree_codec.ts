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
 * The inverse of {@linkcode compactTrees}. A model is not ready before this is: the loop over all
 * nodes touches nothing but typed arrays.
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
  const threshold = join(splits.map(({ threshold }) => threshold));
  const missingLeft = join(splits.map(({ missingLeft }) => missingLeft)).bytes;
  const packedSets = join(splits.map(({ sets }) => sets));
  const bytesOfSet = Uint8Array.from(features, setBytes);
  const isNumber = Uint8Array.from(features, ({ kind }) => kind === "number" ? 1 : 0);
  /** Of each feature: where its next threshold or set stands. */
  const next = Uint32Array.from(
    features,
    (_, i) => isNumber[i] ? threshold.first[i]! : packedSets.first[i]!,
  );
  const split = new Uint32Array(total), right = new Uint32Array(total);
  const values = new Float32Array(total);
  const sets = new Uint32Array(countSets(splits, features) * SET_WORDS);
  /** Splits whose right child has not come yet: the node behind a leaf is that of the last. */
  const waiting = new Uint32Array(total);
  let node = 0, leaf = 0, set = 0;
  for (let tree = 0; tree < trees; tree++) {
    const root = node;
    // One more than the splits that wait: a tree ends with the leaf that no split waits for.
    for (let open = 1; open > 0; node++) {
      if (node >= total) throw new RangeError("Expected a whole tree, but it breaks off");
      const index = feature[node]!;
      if (index === LEAF) {
        values[node] = value[leaf++]! * leafStep;
        open--;
        if (open > 0) right[waiting[open - 1]!] = node + 1 - root;
        continue;
      }
      if (index >= features.length) {
        throw new RangeError(`Expected a feature below ${features.length}: ${index}`);
      }
      const at = next[index]!;
      if (isNumber[index]) {
        next[index] = at + 1;
        split[node] = threshold.bytes[at]! | missingLeft[at]! << 8;
      } else {
        const bytes = bytesOfSet[index]!;
        next[index] = at + bytes;
        for (let byte = 0; byte < bytes; byte++) {
          const word = set * SET_WORDS + (byte >>> 2);
          sets[word] = sets[word]! | packedSets.bytes[at + byte]! << (byte & 3) * 8;
        }
        split[node] = set++ - firstSets[tree]!;
      }
      waiting[open - 1] = node;
      open++;
    }
    roots[tree + 1] = node;
    firstSets[tree + 1] = set;
  }
  const allUsed = node === total && leaf === value.length &&
    features.every((_, i) =>
      next[i] === (isNumber[i] ? threshold.first[i + 1] : packedSets.first[i + 1])
    );
  if (!allUsed) throw new RangeError("Expected the trees to use all parts, but some are left over");
  return { roots, firstSets, nodes: { feature, split, right, value: values, sets } };
}

/** All features' bytes of one kind, one behind the other, and where each feature's begin. */
function join(parts: Uint8Array[]): { bytes: Uint8Array; first: Uint32Array } {
  const first = new Uint32Array(parts.length + 1);
  for (const [i, part] of parts.entries()) first[i + 1] = first[i]! + part.length;
  const bytes = new Uint8Array(first[parts.length]!);
  for (const [i, part] of parts.entries()) bytes.set(part, first[i]);
  return { bytes, first };
}

function countSets(splits: CompactSplits[], features: FeatureBins[]): number {
  return splits.reduce(
    (sum, { sets }, i) => sum + Math.ceil(sets.length / setBytes(features[i]!)),
    0,
  );
}

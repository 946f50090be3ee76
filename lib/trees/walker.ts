import { type FeatureBins, missingBin } from "./binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT } from "./ensemble.ts";

/**
 * How rows go down the trees of an ensemble.
 *
 * Four at a time, and every step is the same arithmetic: each split, of a number too, is a set of
 * bins that go left, and a leaf is a node that leads to itself. So the processor has no branch to
 * guess, and works on three while it waits for the memory of the fourth: two to three times as fast
 * as one after the other.
 */
export interface Walker {
  /** Bins of a row: of each feature, and one more that leaves look at. */
  width: number;
  /** Memory for the bins of one row. */
  row: Uint8Array;
  /** The sum of a row's leaves over all trees; its bins begin at `at`. */
  sumTrees(bins: Uint8Array, at: number): number;
  /** Adds the leaves of one tree to sums, one a row; the bins of row `r` begin at `r * width`. */
  addTree(tree: number, bins: Uint8Array, sums: Float64Array): void;
}

/** Bytes of a set of any feature's bins. */
const SET_BYTES = 32;

const walkers = new WeakMap<Ensemble, Walker>();

/** The walker of an ensemble, made when it is first asked for. */
export function walkerOf(ensemble: Ensemble): Walker {
  let walker = walkers.get(ensemble);
  if (!walker) walkers.set(ensemble, walker = createWalker(ensemble));
  return walker;
}

function createWalker(ensemble: Ensemble): Walker {
  const { feature, words, sets, value, roots } = layOut(ensemble);
  const width = ensemble.features.length + 1;
  const next = (node: number, bins: Uint8Array, row: number): number => {
    const bin = bins[row + feature[node]!]!, right = words[2 * node + 1]!;
    const isLeft = sets[words[2 * node]! + (bin >>> 3)]! >>> (bin & 7) & 1;
    return right ^ ((right ^ (node + 1)) & -isLeft);
  };
  // Leaves are whole multiples of one step: their sum is the same in any order.
  const sumTrees = (bins: Uint8Array, at: number): number => {
    let sum = 0;
    for (let tree = 0; tree < roots.length; tree += 4) {
      let a = roots[tree]!, b = roots[tree + 1]!, c = roots[tree + 2]!, d = roots[tree + 3]!;
      for (;;) {
        const toA = next(a, bins, at), toB = next(b, bins, at);
        const toC = next(c, bins, at), toD = next(d, bins, at);
        if (toA === a && toB === b && toC === c && toD === d) break;
        a = toA;
        b = toB;
        c = toC;
        d = toD;
      }
      sum += value[a]! + value[b]! + value[c]! + value[d]!;
    }
    return sum;
  };
  const addTree = (tree: number, bins: Uint8Array, sums: Float64Array): void => {
    const root = roots[tree]!, last = sums.length - 1;
    for (let row = 0; row <= last; row += 4) {
      // Behind the last row it is walked again, and what it gives is not written.
      const atA = width * row, atB = width * Math.min(row + 1, last);
      const atC = width * Math.min(row + 2, last), atD = width * Math.min(row + 3, last);
      let a = root, b = root, c = root, d = root;
      for (;;) {
        const toA = next(a, bins, atA), toB = next(b, bins, atB);
        const toC = next(c, bins, atC), toD = next(d, bins, atD);
        if (toA === a && toB === b && toC === c && toD === d) break;
        a = toA;
        b = toB;
        c = toC;
        d = toD;
      }
      sums[row] = sums[row]! + value[a]!;
      if (row + 1 <= last) sums[row + 1] = sums[row + 1]! + value[b]!;
      if (row + 2 <= last) sums[row + 2] = sums[row + 2]! + value[c]!;
      if (row + 3 <= last) sums[row + 3] = sums[row + 3]! + value[d]!;
    }
  };
  return { width, row: new Uint8Array(width), sumTrees, addTree };
}

/** Nodes as rows go down them. */
interface Layout {
  /** The place of the bin that a node looks at; that of leaves is the last. */
  feature: Uint8Array;
  /** Two a node: where in `sets` the bins begin that go left, and its right child. */
  words: Int32Array;
  /** Bin `b` goes left where bit `b & 7` of byte `b >>> 3` of the set is 1. */
  sets: Uint8Array;
  /** What leaves add; splits: 0. */
  value: Float32Array;
  /** Padded to fours with a leaf that adds nothing. */
  roots: Int32Array;
}

function layOut({ features, nodes, roots }: Ensemble): Layout {
  const size = nodes.feature.length, trees = roots.length - 1;
  const sets = collectSets(nodes.sets);
  const nothing = sets.add(() => false);
  const places = new Uint8Array(size + 1).fill(features.length);
  const words = new Int32Array(2 * (size + 1));
  for (let node = 0; node <= size; node++) {
    const index = node < size ? nodes.feature[node]! : LEAF;
    if (index === LEAF) {
      words[2 * node] = nothing;
      words[2 * node + 1] = node;
    } else {
      const split = nodes.split[node]!, feature = features[index]!;
      places[node] = index;
      words[2 * node] = feature.kind === "category" ? split : sets.ofSplit(feature, split);
      words[2 * node + 1] = nodes.right[node]!;
    }
  }
  const value = new Float32Array(size + 1);
  value.set(nodes.value);
  const padded = new Int32Array(4 * Math.ceil(trees / 4)).fill(size);
  padded.set(roots.subarray(0, trees));
  return { feature: places, words, sets: sets.all(), value, roots: padded };
}

/** Adds the sets that splits of numbers are, each once, behind those of categories. */
function collectSets(ofCategories: Uint8Array) {
  const added: Uint8Array[] = [];
  /** Where the set of a highest bin and a missing one is. Not a map: a forest has 100,000 splits. */
  const known = new Int32Array(257 * 256).fill(-1);
  const add = (isLeft: (bin: number) => boolean): number => {
    const set = new Uint8Array(SET_BYTES);
    for (let bin = 0; bin < 8 * SET_BYTES; bin++) {
      if (isLeft(bin)) set[bin >>> 3] = set[bin >>> 3]! | 1 << (bin & 7);
    }
    return ofCategories.length + SET_BYTES * (added.push(set) - 1);
  };
  const ofSplit = (feature: FeatureBins, split: number): number => {
    const highest = split & 255, missing = split >= MISSING_LEFT ? missingBin(feature) : -1;
    const key = 256 * (missing + 1) + highest;
    if (known[key] === -1) known[key] = add((bin) => bin <= highest || bin === missing);
    return known[key]!;
  };
  const all = () => {
    const sets = new Uint8Array(ofCategories.length + SET_BYTES * added.length);
    sets.set(ofCategories);
    for (const [i, set] of added.entries()) sets.set(set, ofCategories.length + SET_BYTES * i);
    return sets;
  };
  return { add, ofSplit, all };
}

import { type FeatureBins, missingBin, placeOf } from "./binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT, type Nodes } from "./ensemble.ts";

/**
 * How rows find their leaves in trees of few leaves, without going down them: QuickScorer (Lucchese
 * et al., 2015, https://doi.org/10.1145/2766462.2767733).
 *
 * A word has a bit for each leaf of a tree, the highest for the leftmost. Each split that sends a row
 * to the right rules out the leaves on its left; of those that no split rules out, the leftmost is
 * the row's. What a feature's value rules out is the same whatever the others are. So all of it is
 * put together beforehand: for each value that some split tells from others, a word for each tree.
 * Where trees look at most features, as boosted ones of 31 leaves do, it takes little more than half
 * the time of going down.
 */
export interface LeafMasks {
  /**
   * The sum of a row's leaves over all trees.
   *
   * @param columns One a feature, in the ensemble's order; NaN is missing.
   */
  sumTrees(columns: readonly Float64Array[], row: number): number;
}

/** Bits of a word. */
const MOST_LEAVES = 32;

/** 4 MB: in more, a processor's cache would not find most of what a row asks for. */
const MOST_WORDS = 2 ** 20;

const known = new WeakMap<Ensemble, LeafMasks | null>();

/**
 * The masks of an ensemble, made when they are first asked for; null where a tree has more leaves than
 * a word has bits, and where going down is faster.
 */
export function leafMasksOf(ensemble: Ensemble): LeafMasks | null {
  let masks = known.get(ensemble);
  if (masks === undefined) known.set(ensemble, masks = createLeafMasks(ensemble));
  return masks;
}

function createLeafMasks(ensemble: Ensemble): LeafMasks | null {
  const values = leafValues(ensemble);
  if (!values) return null;
  const trees = values.length / MOST_LEAVES;
  const ofFeatures = createLookups(ensemble, trees);
  const lookups = ofFeatures.filter((lookup) => lookup !== undefined);
  const words = (lookups.at(-1)?.missing ?? 0) + trees;
  const { roots } = ensemble, splits = (roots.at(-1)! - (roots.length - 1)) / 2;
  // A tree is asked for every feature here, and for a few of its splits on the way down.
  if (words > MOST_WORDS || lookups.length * (roots.length - 1) > splits) return null;
  const masks = createMasks(ensemble, ofFeatures, words, trees);
  // Two at a time: behind an odd number, the first words of all, which rule nothing out.
  const starts = new Int32Array(2 * Math.ceil(lookups.length / 2));
  const sumTrees = (columns: readonly Float64Array[], row: number): number => {
    for (let i = 0; i < lookups.length; i++) {
      const lookup = lookups[i]!;
      starts[i] = startOf(lookup, columns[lookup.feature]![row]!, trees);
    }
    let sum = 0;
    for (let tree = 0; tree < trees; tree += 4) {
      let a = -1, b = -1, c = -1, d = -1;
      for (let i = 0; i < starts.length; i += 2) {
        const one = starts[i]! + tree, two = starts[i + 1]! + tree;
        a &= masks[one]! & masks[two]!;
        b &= masks[one + 1]! & masks[two + 1]!;
        c &= masks[one + 2]! & masks[two + 2]!;
        d &= masks[one + 3]! & masks[two + 3]!;
      }
      const at = MOST_LEAVES * tree;
      // Leaves are whole multiples of one step: their sum is the same in any order.
      sum += values[at + Math.clz32(a)]! + values[at + MOST_LEAVES + Math.clz32(b)]! +
        values[at + 2 * MOST_LEAVES + Math.clz32(c)]! +
        values[at + 3 * MOST_LEAVES + Math.clz32(d)]!;
    }
    return sum;
  };
  return { sumTrees };
}

/**
 * The leaves of each tree, from left to right. Trees are padded to fours by such as have a single
 * leaf that adds nothing.
 */
function leafValues({ roots, nodes }: Ensemble): Float32Array | undefined {
  const trees = roots.length - 1;
  const values = new Float32Array(MOST_LEAVES * 4 * Math.ceil(trees / 4));
  for (let tree = 0; tree < trees; tree++) {
    let leaf = MOST_LEAVES * tree;
    for (let node = roots[tree]!; node < roots[tree + 1]!; node++) {
      if (nodes.feature[node] !== LEAF) continue;
      if (leaf === MOST_LEAVES * (tree + 1)) return undefined;
      values[leaf++] = nodes.value[node]!;
    }
  }
  return values;
}

/** Where the words are that a feature's values stand for: `trees` words for each place in `sorted`. */
interface Lookup {
  /** Index of the feature. */
  feature: number;
  isCategory: boolean;
  /** Categories, or the edges at which some tree splits. */
  sorted: Float64Array;
  /** Of the first place. */
  start: number;
  /** Of missing values, and of categories that are not known. */
  missing: number;
}

function startOf(
  { isCategory, sorted, start, missing }: Lookup,
  value: number,
  trees: number,
): number {
  const place = placeOf(sorted, value);
  const isKnown = isCategory ? sorted[place] === value : !Number.isNaN(value);
  return isKnown ? start + trees * place : missing;
}

/** A lookup for each feature on which some tree splits, one behind the other; before them, words of none. */
function createLookups({ features, nodes }: Ensemble, trees: number): (Lookup | undefined)[] {
  const isSplit = features.map((feature) => new Uint8Array(missingBin(feature) + 1));
  for (const [node, index] of nodes.feature.entries()) {
    if (index === LEAF) continue;
    isSplit[index]![features[index]!.kind === "number" ? nodes.split[node]! & 255 : 0] = 1;
  }
  let start = trees;
  return features.map((feature, index) => {
    if (!isSplit[index]!.includes(1)) return undefined;
    const isCategory = feature.kind === "category";
    const sorted = isCategory
      ? feature.categories
      : feature.edges.filter((_, bin) => isSplit[index]![bin] === 1);
    const lookup = {
      feature: index,
      isCategory,
      sorted,
      start,
      missing: start + trees * placesOf(feature, sorted),
    };
    start = lookup.missing + trees;
    return lookup;
  });
}

/** How many places there are beside that of missing values: numbers may be above the last edge. */
function placesOf({ kind }: FeatureBins, sorted: Float64Array): number {
  return kind === "category" ? sorted.length : sorted.length + 1;
}

function createMasks(
  { features, roots, nodes }: Ensemble,
  lookups: (Lookup | undefined)[],
  words: number,
  trees: number,
): Int32Array {
  const masks = new Int32Array(words).fill(-1);
  for (let tree = 0; tree < roots.length - 1; tree++) {
    const root = roots[tree]!;
    const leaves = leavesBefore(nodes, root, roots[tree + 1]!);
    for (let node = root; node < roots[tree + 1]!; node++) {
      const index = nodes.feature[node]!;
      if (index === LEAF) continue;
      const right = nodes.right[node]!;
      const kept = ~(bitsFrom(leaves[node - root]!) & ~bitsFrom(leaves[right - root]!));
      const { start, missing } = lookups[index]!;
      const goesRight = rightOf(features[index]!, lookups[index]!, nodes, node);
      for (let at = start + tree, place = 0; at < missing + trees; at += trees, place++) {
        if (goesRight(place)) masks[at] = masks[at]! & kept;
      }
    }
  }
  return masks;
}

/** How many leaves of a tree stand before each of its nodes. */
function leavesBefore({ feature }: Nodes, root: number, end: number): Uint8Array {
  const before = new Uint8Array(end - root);
  for (let node = root + 1; node < end; node++) {
    before[node - root] = before[node - root - 1]! + Number(feature[node - 1] === LEAF);
  }
  return before;
}

/** The bits of a leaf and of all on its right. */
function bitsFrom(leaf: number): number {
  return -1 >>> leaf;
}

/** Which places of a feature's lookup a split on it sends to the right. */
function rightOf(
  feature: FeatureBins,
  { sorted }: Lookup,
  { split, sets }: Nodes,
  node: number,
): (place: number) => boolean {
  const by = split[node]!;
  if (feature.kind === "category") {
    return (bin) => (sets[by + (bin >>> 3)]! >>> (bin & 7) & 1) === 0;
  }
  const edge = feature.edges[by & 255], missing = placesOf(feature, sorted);
  // The highest bin has no edge: then all numbers go left.
  const last = edge === undefined ? missing : placeOf(sorted, edge);
  return (place) => place === missing ? by < MISSING_LEFT : place > last;
}

import type { BinnedTable } from "./binned_table.ts";
import { missingBin } from "./binning.ts";
import { childKey, shuffleByKey } from "./random.ts";
import type { GainFloor } from "./gain_floor.ts";
import type { GrowNode, GrowOptions, GrowRows } from "./grow.ts";
import type { NodeBuffer } from "./node_buffer.ts";
import type { NodeSplitter } from "./node_splitter.ts";

/** Most rows of a block: a row's number within it fits one byte. */
export const BLOCK = 256;

/** A node of a block: the stretch `start` to `end` of its lists. */
interface BlockNode extends GrowNode {
  /** The least gain of the splits above; Infinity at the root. */
  pathGain: number;
}

/**
 * Makes functions that grow the whole subtree of a node with at most {@linkcode BLOCK} rows.
 *
 * Histograms are wasteful here: nearly all of their bins are empty. Instead the block's rows are
 * sorted by each feature once, and every split keeps each feature's list sorted by moving the left
 * side's entries to the front (as SPRINT does, Shafer et al. 1996). Lists hold a row's bin and its
 * number in the block in 16 bits, so that a block with all of its lists stays in the nearest cache.
 */
export function createBlockGrower(
  table: BinnedTable,
  options: GrowOptions,
  { search, binOfCode }: NodeSplitter,
  buffer: NodeBuffer,
  floor: GainFloor | undefined,
): {
  /** Begins a tree. */
  startTree(rows: GrowRows, order: Uint32Array): void;
  /** Grows the subtree of `root`; `pathGain` is the least gain of the splits above it. */
  grow(root: GrowNode, pathGain: number): void;
} {
  const width = table.features.length;
  const { maxDepth, minSamplesLeaf, maxFeatures } = options;
  const sampling = maxFeatures < width;
  const { codes, bundles } = table.narrow;
  const bundleOf = Uint8Array.from(table.places, ({ bundle }) => bundle);
  const missing = Uint8Array.from(table.features, missingBin);
  const isCategory = Uint8Array.from(
    table.features,
    ({ kind }) => kind === "category" ? 1 : 0,
  );

  /** By feature: bin << 8 | number in the block, sorted. */
  const lists = new Uint16Array(width * BLOCK);
  const rowOf = new Uint32Array(BLOCK);
  const sums = new Float64Array(BLOCK);
  const rowWeights = new Float64Array(BLOCK);
  /** Of each row: its part in a node's sum of squares. */
  const squares = new Float64Array(BLOCK);
  const members = new Uint8Array(BLOCK);
  const goesLeft = new Uint8Array(BLOCK);
  const counts = new Uint16Array(257);
  const blockBins = new Uint8Array(BLOCK);
  const spare = new Uint16Array(BLOCK);
  /** Features that vary in the nodes on the way down, one stretch a level. */
  const varying = new Uint8Array(width * (BLOCK + 1));
  const drawn = new Uint8Array(width);
  /**
   * Nodes on the way down, two a level: made anew for each of the hundred thousands of a deep tree,
   * they would keep the garbage collector busy. NaN makes room for numbers that are not whole.
   */
  const nodes = Array.from({ length: 2 * BLOCK + 2 }, (): BlockNode => ({
    start: 0,
    end: 0,
    sum: NaN,
    weight: NaN,
    depth: 0,
    key: 0,
    low: NaN,
    high: NaN,
    pathGain: NaN,
  }));
  let base = 0;
  let packed: Float64Array = new Float64Array(0);
  let weights: Float64Array | undefined;
  let order: Uint32Array = new Uint32Array(0);

  /** Sorts the block's rows by a feature; false where all have the same bin. */
  const sortByFeature = (feature: number, size: number): boolean => {
    const bins = binOfCode[feature]!;
    const bundle = bundleOf[feature]!;
    const stride = bundles.length;
    counts.fill(0);
    for (let i = 0; i < size; i++) {
      const bin = bins[codes[rowOf[i]! * stride + bundle]!]!;
      blockBins[i] = bin;
      counts[bin + 1] = counts[bin + 1]! + 1;
    }
    if (counts[blockBins[0]! + 1] === size) return false;
    for (let bin = 1; bin < 256; bin++) counts[bin] = counts[bin]! + counts[bin - 1]!;
    const list = feature * BLOCK;
    for (let i = 0; i < size; i++) {
      const bin = blockBins[i]!;
      const at = counts[bin]!;
      counts[bin] = at + 1;
      lists[list + at] = bin << 8 | i;
    }
    return true;
  };

  /** Gathers a feature's bins in the node for the search. */
  const tryFeature = (feature: number, start: number, end: number): void => {
    const { bins, sums: binSums, weights: binWeights } = search;
    const list = feature * BLOCK;
    let length = 0;
    let entry = lists[list + start]!;
    let bin = entry >>> 8;
    let sum = sums[entry & 255]!;
    let weight = rowWeights[entry & 255]!;
    for (let i = start + 1; i < end; i++) {
      entry = lists[list + i]!;
      if (entry >>> 8 !== bin) {
        bins[length] = bin;
        binSums[length] = sum;
        binWeights[length++] = weight;
        bin = entry >>> 8;
        sum = 0;
        weight = 0;
      }
      sum += sums[entry & 255]!;
      weight += rowWeights[entry & 255]!;
    }
    bins[length] = bin;
    binSums[length] = sum;
    binWeights[length++] = weight;
    search.tryFeature(feature, length);
  };

  /** Marks the rows that the search's split sends left, and moves them to the front. */
  const partitionMembers = (start: number, end: number): number => {
    const list = search.feature * BLOCK;
    const number = !isCategory[search.feature];
    const { threshold, missingLeft } = search;
    const missed = missing[search.feature]!;
    for (let i = start; i < end; i++) {
      const entry = lists[list + i]!;
      const bin = entry >>> 8;
      const left = number
        ? (bin === missed ? missingLeft : bin <= threshold)
        : search.goesLeft(bin);
      goesLeft[entry & 255] = left ? 1 : 0;
    }
    let left = start, right = 0;
    for (let i = start; i < end; i++) {
      const member = members[i]!;
      const side = goesLeft[member]!;
      members[left] = member;
      spare[right] = member;
      left += side;
      right += 1 - side;
    }
    for (let i = 0; i < right; i++) members[left + i] = spare[i]!;
    return left;
  };

  const partitionList = (feature: number, start: number, end: number): void => {
    const list = feature * BLOCK;
    let left = list + start, right = 0;
    // Without a branch on the side: it would be guessed wrong every other time.
    for (let i = list + start; i < list + end; i++) {
      const entry = lists[i]!;
      const side = goesLeft[entry & 255]!;
      lists[left] = entry;
      spare[right] = entry;
      left += side;
      right += 1 - side;
    }
    for (let i = 0; i < right; i++) lists[left + i] = spare[i]!;
  };

  const canSplit = ({ start, end, sum, weight, depth }: GrowNode) =>
    end - start > 1 && depth < maxDepth && search.countOf(sum, weight) >= 2 * minSamplesLeaf;

  /** Whether no split of the node can be kept: none gains more than its squared error. */
  const isBelowFloor = ({ start, end, sum, weight, pathGain }: BlockNode): boolean => {
    if (!floor || floor.lowest === 0) return false;
    if (pathGain < floor.lowest) return true;
    if (options.monotone) return false;
    let error = -search.squareOf(sum, weight);
    for (let i = start; i < end; i++) error += squares[members[i]!]!;
    // A little more, for rounding.
    return error * (1 + 1e-9) < floor.lowest;
  };

  const grow = (node: BlockNode, level: number, features: number): void => {
    const { start, end, depth, low, high } = node;
    const mean = search.meanOf(node.sum, node.weight, low, high);
    if (!canSplit(node) || isBelowFloor(node)) {
      return buffer.pushLeaf(base + end, search.countOf(node.sum, node.weight), mean);
    }
    search.startNode(node.sum, node.weight, low, high);
    // What does not vary here does not in any node below.
    const from = level * width, to = from + width;
    // Two rows are parted at the same gain by each feature that tells them apart.
    const isPair = end - start === 2 && !sampling && !options.monotone;
    let kept = 0;
    for (let i = from; i < from + features; i++) {
      const feature = varying[i]!;
      const list = feature * BLOCK;
      if (lists[list + start]! >>> 8 !== lists[list + end - 1]! >>> 8) {
        varying[to + kept++] = feature;
        if (!sampling) tryFeature(feature, start, end);
        if (isPair) break;
      }
    }
    if (sampling) tryDrawn(node, varying.subarray(to, to + kept));
    const pathGain = Math.min(node.pathGain, search.gain);
    if (search.feature < 0 || (floor && pathGain < floor.lowest)) {
      return buffer.pushLeaf(base + end, search.countOf(node.sum, node.weight), mean);
    }
    floor?.add(pathGain);

    const { leftSum, leftWeight } = search;
    const index = buffer.pushSplit(search, mean);
    const middle = partitionMembers(start, end);
    const bounds = options.monotone && search.boundChildren(node);
    const left = nodes[2 * level + 2]!, right = nodes[2 * level + 3]!;
    left.start = start;
    left.end = right.start = middle;
    right.end = end;
    left.sum = leftSum;
    right.sum = node.sum - leftSum;
    left.weight = leftWeight;
    right.weight = node.weight - leftWeight;
    left.depth = right.depth = depth + 1;
    left.key = sampling ? childKey(node.key, 0) : 0;
    right.key = sampling ? childKey(node.key, 1) : 0;
    left.low = bounds ? bounds.left.low : low;
    left.high = bounds ? bounds.left.high : high;
    right.low = bounds ? bounds.right.low : low;
    right.high = bounds ? bounds.right.high : high;
    left.pathGain = right.pathGain = pathGain;
    if (canSplit(left) || canSplit(right)) {
      for (let i = to; i < to + kept; i++) partitionList(varying[i]!, start, end);
    }
    grow(left, level + 1, kept);
    buffer.setRight(index);
    grow(right, level + 1, kept);
  };

  /** As scikit-learn does: looks at `maxFeatures` of all, and on until one of them varies. */
  const tryDrawn = ({ start, end, key }: BlockNode, kept: Uint8Array): void => {
    for (let i = 0; i < width; i++) drawn[i] = i;
    shuffleByKey(key, drawn);
    let found = false;
    for (let i = 0; i < width && (i < maxFeatures || !found); i++) {
      if (!kept.includes(drawn[i]!)) continue;
      found = true;
      tryFeature(drawn[i]!, start, end);
    }
  };

  const growRoot = (root: GrowNode, pathGain: number): void => {
    const { start, end } = root;
    const size = end - start;
    base = start;
    for (let i = 0; i < size; i++) {
      const row = order[start + i]!;
      rowOf[i] = row;
      sums[i] = packed[row]!;
      if (weights) rowWeights[i] = weights[row]!;
      members[i] = i;
      if (floor) squares[i] = search.squareOf(sums[i]!, rowWeights[i]!);
    }
    let features = 0;
    for (let feature = 0; feature < width; feature++) {
      if (sortByFeature(feature, size)) varying[features++] = feature;
    }
    grow(Object.assign(nodes[0]!, root, { start: 0, end: size, pathGain }), 0, features);
    for (let i = 0; i < size; i++) order[start + i] = rowOf[members[i]!]!;
  };

  const startTree = (rows: GrowRows, ofTree: Uint32Array): void => {
    packed = rows.packed;
    weights = rows.weights;
    order = ofTree;
  };

  return { startTree, grow: growRoot };
}

import { type BinnedTable, binsByCode } from "./binned_table.ts";
import { BLOCK, createBlockGrower } from "./grow_block.ts";
import { createFiller, type HistogramFiller } from "./histogram.ts";
import { GainFloor } from "./gain_floor.ts";
import { copyStructure, NodeBuffer, type Structure } from "./node_buffer.ts";
import { prune } from "./prune.ts";
import type { Quantization } from "./quantize.ts";
import { childKey, shuffleByKey } from "./random.ts";
import { type FoundSplit, SplitSearch } from "./split.ts";
import { ALONE, type Team } from "./team.ts";

/** Limits of one tree. */
export interface GrowOptions {
  /** Most splits between root and leaf. */
  maxDepth: number;
  /** Most leaves; the split that gains most is made first. */
  maxLeafNodes: number;
  /** Rows a leaf holds at least. */
  minSamplesLeaf: number;
  /** How many features each split looks at. */
  maxFeatures: number;
  /** For each feature 1, -1 or 0; see {@linkcode SplitSearch}. */
  monotone: Int8Array | undefined;
}

/** What a tree learns from: one number a row of the table. */
export interface GrowRows {
  quantization: Quantization;
  /** Packed targets, times how often the row was drawn. */
  packed: Float64Array;
  /** Quantized weights, times how often the row was drawn. */
  weights: Float64Array | undefined;
}

/** A node with the rows `order[start..end)`. */
export interface GrowNode {
  start: number;
  end: number;
  /** Sum of packed targets, of all threads' rows. */
  sum: number;
  weight: number;
  depth: number;
  /** What its features are drawn by. */
  key: number;
  /** What its mean must not be below or above, where features are monotone. */
  low: number;
  high: number;
  histogram: Float64Array | undefined;
}

/** A node in best-first growth. */
interface OpenNode extends GrowNode {
  split: FoundSplit | undefined;
  children: [OpenNode, OpenNode] | undefined;
}

/** Trees of at most so many leaves are grown leaf by leaf; larger ones whole, then cut back. */
const FEW_LEAVES = 512;

/** Whether a tree within these limits is grown leaf by leaf. */
export function hasFewLeaves({ maxDepth, maxLeafNodes }: GrowOptions): boolean {
  return Math.min(maxLeafNodes, 2 ** maxDepth) <= FEW_LEAVES;
}

/**
 * Grows a regression tree for squared error.
 *
 * @param order Numbers of the rows to learn from, each once; rearranged in place so that every
 *   leaf's rows stand together, in the order of the leaves.
 * @param key Seeds what each split draws.
 */
export type Grow = (rows: GrowRows, order: Uint32Array, key: number) => Structure;

/** Memory that is used again from tree to tree. */
interface GrowMemory {
  histograms: Float64Array[];
  rows: Uint32Array;
}

/**
 * Makes a function that grows trees over one table.
 *
 * @param team Threads that grow each tree together, each with an `order` of its own; only for trees
 *   that {@linkcode hasFewLeaves}.
 */
export function createGrow(table: BinnedTable, options: GrowOptions, team: Team = ALONE): Grow {
  const filler = createFiller(table);
  const memory: GrowMemory = { histograms: [], rows: new Uint32Array(0) };
  const buffer = new NodeBuffer();
  return (rows, order, key) => {
    if (memory.rows.length < order.length) memory.rows = new Uint32Array(order.length);
    buffer.clear();
    const grower = createGrower(table, rows, order, options, buffer, team, filler, memory);
    if (hasFewLeaves(options)) {
      grower.growBestFirst(key);
      return copyStructure(buffer.view());
    }
    grower.growDepthFirst(key);
    return prune(buffer.view(), table.features, options.maxLeafNodes);
  };
}

function createGrower(
  table: BinnedTable,
  rows: GrowRows,
  order: Uint32Array,
  options: GrowOptions,
  buffer: NodeBuffer,
  team: Team,
  filler: HistogramFiller,
  { histograms: spareHistograms, rows: spareRows }: GrowMemory,
) {
  const { packed, weights, quantization } = rows;
  const { maxDepth, maxFeatures, minSamplesLeaf, monotone } = options;
  const width = table.features.length;
  const weighted = weights !== undefined;
  const search = new SplitSearch({
    features: table.features,
    quantization,
    weighted,
    minSamplesLeaf,
    monotone,
  });
  const slots = filler.size;
  const { starts, narrow, places } = table;
  const everyFeature = Uint8Array.from({ length: width }, (_, feature) => feature);
  const sides = new Uint8Array(256);

  const fill = ({ start, end }: GrowNode): Float64Array => {
    const histogram = spareHistograms.pop()?.fill(0) ??
      new Float64Array(weighted ? slots * 2 : slots);
    filler.fill(histogram, packed, order, start, end);
    if (weighted) filler.fill(histogram.subarray(slots), weights, order, start, end);
    team.sum(histogram);
    return histogram;
  };

  const release = (histogram: Float64Array | undefined) => {
    if (histogram) spareHistograms.push(histogram);
  };

  /** Leaves the node's best split in `search`. */
  const findSplit = (node: GrowNode, histogram: Float64Array) => {
    search.startNode(node.sum, node.weight, node.low, node.high);
    let order = everyFeature, vary = false;
    if (maxFeatures < width) shuffleByKey(node.key, order = everyFeature.slice());
    // As scikit-learn does: looks at `maxFeatures` of all, and on until one of them varies.
    for (let i = 0; i < width && (i < maxFeatures || !vary); i++) {
      const feature = order[i]!;
      const length = gather(feature, histogram);
      vary ||= length > 1;
      search.tryFeature(feature, length);
    }
  };

  /** Copies the bins of a feature that rows have to where the search wants them. */
  const gather = (feature: number, histogram: Float64Array): number => {
    const { bins, sums, weights } = search;
    const first = starts[feature]!, end = starts[feature + 1]!;
    let length = 0;
    for (let slot = first; slot < end; slot++) {
      const sum = histogram[slot]!;
      if (sum === 0) continue;
      bins[length] = slot - first;
      sums[length] = sum;
      if (weighted) weights[length] = histogram[slots + slot]!;
      length++;
    }
    return length;
  };

  /** Moves the rows of the split's left side to the front, each side in its former order. */
  const partition = ({ start, end }: GrowNode, feature: number): number => {
    const { bundle } = places[feature]!;
    const { codes, bundles } = narrow;
    const stride = bundles.length;
    const bins = binsByCode(table, feature);
    for (let code = 0; code < bundles[bundle]!.size; code++) {
      sides[code] = search.goesLeft(bins[code]!) ? 1 : 0;
    }
    let left = start, right = 0;
    // Without a branch on the side: it would be guessed wrong every other time.
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const side = sides[codes[row * stride + bundle]!]!;
      order[left] = row;
      spareRows[right] = row;
      left += side;
      right += 1 - side;
    }
    order.set(spareRows.subarray(0, right), left);
    return left;
  };

  const meanOf = ({ sum, weight, low, high }: GrowNode) => search.meanOf(sum, weight, low, high);

  const canSplit = ({ sum, depth }: GrowNode) =>
    depth < maxDepth && search.countOf(sum) >= 2 * minSamplesLeaf;

  /** The two sides of the search's split. */
  const splitNode = (node: GrowNode): [GrowNode, GrowNode] => {
    const { leftSum, leftWeight } = search;
    const bounds = monotone && search.boundChildren(node);
    const middle = partition(node, search.feature);
    const depth = node.depth + 1;
    return [{
      start: node.start,
      end: middle,
      sum: leftSum,
      weight: leftWeight,
      depth,
      key: childKey(node.key, 0),
      low: bounds?.left.low ?? node.low,
      high: bounds?.left.high ?? node.high,
      histogram: undefined,
    }, {
      start: middle,
      end: node.end,
      sum: node.sum - leftSum,
      weight: node.weight - leftWeight,
      depth,
      key: childKey(node.key, 1),
      low: bounds?.right.low ?? node.low,
      high: bounds?.right.high ?? node.high,
      histogram: undefined,
    }];
  };

  /** Gives those children histograms that need one: the larger gets what the smaller leaves. */
  const shareHistogram = (
    parent: GrowNode,
    children: [GrowNode, GrowNode],
    needs: (node: GrowNode) => boolean,
  ) => {
    const [left, right] = children;
    const [small, large] = search.countOf(left.sum) * 2 <= search.countOf(parent.sum)
      ? [left, right]
      : [right, left];
    const histogram = parent.histogram!;
    parent.histogram = undefined;
    if (needs(large)) {
      small.histogram = fill(small);
      for (let i = 0; i < histogram.length; i++) histogram[i] = histogram[i]! - small.histogram[i]!;
      large.histogram = histogram;
      if (needs(small)) return;
      release(small.histogram);
      small.histogram = undefined;
    } else {
      release(histogram);
      if (needs(small)) small.histogram = fill(small);
    }
  };

  const makeRoot = (key: number): GrowNode => {
    const root: GrowNode = {
      start: 0,
      end: order.length,
      sum: 0,
      weight: 0,
      depth: 0,
      key,
      low: -Infinity,
      high: Infinity,
      histogram: undefined,
    };
    const histogram = root.histogram = fill(root);
    // Every row is in one bin of the first feature.
    for (let slot = 0; slot < starts[1]!; slot++) {
      root.sum += histogram[slot]!;
      if (weighted) root.weight += histogram[slots + slot]!;
    }
    return root;
  };

  const growDepthFirst = (key: number) => {
    const floor = options.maxLeafNodes < order.length
      ? new GainFloor(options.maxLeafNodes - 1)
      : undefined;
    const growBlock = createBlockGrower(table, rows, options, search, buffer, floor);
    const isBlock = ({ start, end }: GrowNode) => end - start <= BLOCK;
    const needsHistogram = (node: GrowNode) => !isBlock(node) && canSplit(node);
    /** Nodes to do, the next one last, each with the node whose right child it is. */
    const waiting = [{ node: makeRoot(key), parent: -1, pathGain: Infinity }];
    for (;;) {
      const next = waiting.pop();
      if (!next) return;
      const { node, parent } = next;
      let { pathGain } = next;
      if (parent >= 0) buffer.setRight(parent);
      if (isBlock(node)) {
        release(node.histogram);
        growBlock(order, node.start, node.end, { ...node, pathGain });
        continue;
      }
      if (canSplit(node)) {
        findSplit(node, node.histogram!);
        pathGain = Math.min(pathGain, search.gain);
      }
      if (!canSplit(node) || search.feature < 0 || (floor && pathGain < floor.lowest)) {
        release(node.histogram);
        buffer.pushLeaf(node.end, meanOf(node));
        continue;
      }
      floor?.add(pathGain);
      const index = buffer.pushSplit(search, meanOf(node));
      const children = splitNode(node);
      shareHistogram(node, children, needsHistogram);
      waiting.push(
        { node: children[1], parent: index, pathGain },
        { node: children[0], parent: -1, pathGain },
      );
    }
  };

  const open = (node: GrowNode): OpenNode => {
    const result: OpenNode = { ...node, split: undefined, children: undefined };
    if (!node.histogram) return result;
    findSplit(node, node.histogram);
    if (search.feature < 0) {
      release(node.histogram);
      result.histogram = undefined;
      return result;
    }
    const { feature, gain, threshold, missingLeft, set, leftSum, leftWeight } = search;
    const kept = threshold < 0 ? set.slice() : set;
    result.split = { feature, gain, threshold, missingLeft, set: kept, leftSum, leftWeight };
    return result;
  };

  const growBestFirst = (key: number) => {
    const root = makeRoot(key);
    if (!canSplit(root)) {
      release(root.histogram);
      root.histogram = undefined;
    }
    const first = open(root);
    const candidates = first.split ? [first] : [];
    for (let leaves = 1; candidates.length > 0 && leaves < options.maxLeafNodes; leaves++) {
      const node = takeBest(candidates);
      search.restore(node.split!);
      const children = splitNode(node);
      // The last split's sides stay leaves.
      const isLast = leaves + 1 === options.maxLeafNodes;
      shareHistogram(node, children, isLast ? () => false : canSplit);
      node.children = [open(children[0]), open(children[1])];
      for (const child of node.children) if (child.split) candidates.push(child);
    }
    for (const { histogram } of candidates) release(histogram);
    emit(first);
  };

  const emit = (node: OpenNode): void => {
    if (!node.children) return buffer.pushLeaf(node.end, meanOf(node));
    const index = buffer.pushSplit(node.split!, meanOf(node));
    emit(node.children[0]);
    buffer.setRight(index);
    emit(node.children[1]);
  };

  return { growDepthFirst, growBestFirst };
}

function takeBest(candidates: OpenNode[]): OpenNode {
  let best = 0;
  for (let i = 1; i < candidates.length; i++) {
    if (candidates[i]!.split!.gain > candidates[best]!.split!.gain) best = i;
  }
  return candidates.splice(best, 1)[0]!;
}

import type { BinnedTable } from "./binning.ts";
import { LEAF, MISSING_LEFT, SET_WORDS, type Tree } from "./ensemble.ts";
import { fillHistogram, histogramOffsets, subtractHistogram } from "./histogram.ts";
import type { Random } from "./random.ts";
import { findSplit, type Split } from "./split.ts";

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
  /** Every leaf's mean is multiplied by it. */
  learningRate: number;
}

/** A node that may still be split: rows `order[start..end)`. */
interface OpenNode {
  start: number;
  end: number;
  sum: number;
  depth: number;
  histogram: Float64Array | undefined;
  best: Split | undefined;
  /** Filled when the node is split. */
  children: [OpenNode, OpenNode] | undefined;
}

/**
 * Grows one regression tree for squared error over binned rows.
 *
 * @param targets What to predict, one number a row of the table.
 * @param order Numbers of the rows to learn from, repeats allowed; rearranged in place so that every
 *   leaf's rows stand together.
 * @param onLeaf Called for every leaf with its value and its stretch of `order`.
 */
export function growTree(
  table: BinnedTable,
  targets: Float64Array,
  order: Uint32Array,
  options: GrowOptions,
  random: Random,
  onLeaf: (value: number, start: number, end: number) => void = () => {},
): Tree {
  const width = table.features.length;
  const offsets = histogramOffsets(table);
  const scratch = new Uint32Array(order.length);
  const gain = new Float64Array(width);
  const everyFeature = Uint8Array.from({ length: width }, (_, index) => index);
  const sampling = options.maxFeatures < width;
  const spare: Float64Array[] = [];

  const chooseFeatures = () => {
    if (!sampling) return everyFeature;
    return Uint8Array.from(random.shuffle(width, options.maxFeatures).slice(0, options.maxFeatures))
      .sort();
  };

  const isSplittable = (node: OpenNode) =>
    node.depth < options.maxDepth && node.end - node.start >= 2 * options.minSamplesLeaf;

  const takeHistogram = () => spare.pop()?.fill(0) ?? new Float64Array(offsets[width]! * 2);

  /** Finds the node's best split, from `histogram` where the caller has it. */
  const prepare = (node: OpenNode, histogram?: Float64Array) => {
    if (!isSplittable(node)) {
      if (histogram) spare.push(histogram);
      return;
    }
    const features = chooseFeatures();
    if (!histogram) {
      histogram = takeHistogram();
      fillHistogram(histogram, offsets, table, targets, order, node.start, node.end, features);
    }
    const totals = { sum: node.sum, count: node.end - node.start };
    for (const feature of features) {
      const split = findSplit(
        feature,
        table.features[feature]!,
        histogram,
        offsets[feature]!,
        totals,
        options.minSamplesLeaf,
      );
      if (split && (!node.best || split.gain > node.best.gain)) node.best = split;
    }
    // With its own choice of features a child cannot use its parent's histogram.
    if (sampling || !node.best) spare.push(histogram);
    else node.histogram = histogram;
  };

  /** Splits the node's rows in two, each side in its former order. */
  const partition = (node: OpenNode, split: Split) => {
    const { bins } = table;
    let left = node.start, right = 0;
    for (let i = node.start; i < node.end; i++) {
      const row = order[i]!;
      if (split.left[bins[row * width + split.feature]!]) order[left++] = row;
      else scratch[right++] = row;
    }
    order.set(scratch.subarray(0, right), left);
    return left;
  };

  const splitNode = (node: OpenNode, split: Split) => {
    gain[split.feature] = gain[split.feature]! + split.gain;
    const middle = partition(node, split);
    const child = (start: number, end: number, sum: number): OpenNode => ({
      start,
      end,
      sum,
      depth: node.depth + 1,
      histogram: undefined,
      best: undefined,
      children: undefined,
    });
    const left = child(node.start, middle, split.leftSum);
    const right = child(middle, node.end, node.sum - split.leftSum);
    node.children = [left, right];
    const parent = node.histogram;
    node.histogram = undefined;
    if (!parent) {
      prepare(left);
      prepare(right);
      return node.children;
    }
    const [small, large] = middle - node.start <= node.end - middle ? [left, right] : [right, left];
    if (isSplittable(large)) {
      const histogram = takeHistogram();
      fillHistogram(
        histogram,
        offsets,
        table,
        targets,
        order,
        small.start,
        small.end,
        everyFeature,
      );
      subtractHistogram(parent, histogram);
      prepare(small, histogram);
    }
    prepare(large, parent);
    return node.children;
  };

  let sum = 0;
  for (const row of order) sum += targets[row]!;
  const root: OpenNode = {
    start: 0,
    end: order.length,
    sum,
    depth: 0,
    histogram: undefined,
    best: undefined,
    children: undefined,
  };
  prepare(root);
  const limited = options.maxLeafNodes < order.length;
  const open = root.best ? [root] : [];
  for (let leaves = 1; open.length > 0 && leaves < options.maxLeafNodes; leaves++) {
    const node = limited ? takeBest(open) : open.pop()!;
    for (const child of splitNode(node, node.best!)) if (child.best) open.push(child);
  }
  return flatten(root, gain, (node) => {
    const { start, end } = node;
    // Summed anew: the histograms' differences carry rounding from the whole way down.
    let sum = 0;
    for (let i = start; i < end; i++) sum += targets[order[i]!]!;
    const value = Math.fround(end > start ? options.learningRate * (sum / (end - start)) : 0);
    onLeaf(value, start, end);
    return value;
  });
}

function takeBest(open: OpenNode[]): OpenNode {
  let best = 0;
  for (let i = 1; i < open.length; i++) {
    if (open[i]!.best!.gain > open[best]!.best!.gain) best = i;
  }
  return open.splice(best, 1)[0]!;
}

function flatten(
  root: OpenNode,
  gain: Float64Array,
  leafValue: (node: OpenNode) => number,
): Tree {
  const feature: number[] = [], split: number[] = [], right: number[] = [];
  const value: number[] = [], sets: number[] = [];
  const visit = (node: OpenNode): void => {
    const index = feature.length;
    right.push(0);
    if (!node.children) {
      feature.push(LEAF);
      split.push(0);
      value.push(leafValue(node));
      return;
    }
    const best = node.best!;
    feature.push(best.feature);
    value.push(0);
    if (best.threshold >= 0) {
      split.push(best.threshold + (best.left[best.left.length - 1] ? MISSING_LEFT : 0));
    } else {
      split.push(sets.length / SET_WORDS);
      sets.push(...toSet(best.left));
    }
    visit(node.children[0]);
    right[index] = feature.length;
    visit(node.children[1]);
  };
  visit(root);
  return {
    feature: Uint8Array.from(feature),
    split: Uint32Array.from(split),
    right: Uint32Array.from(right),
    value: Float32Array.from(value),
    sets: Uint32Array.from(sets),
    gain,
  };
}

function toSet(left: Uint8Array): Uint32Array {
  const words = new Uint32Array(SET_WORDS);
  for (const [bin, side] of left.entries()) {
    if (side) words[bin >>> 5] = words[bin >>> 5]! | (1 << (bin & 31));
  }
  return words;
}

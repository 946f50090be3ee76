import type { BinnedTable } from "./binned_table.ts";
import { GainFloor } from "./gain_floor.ts";
import type { Grow, GrowNode, GrowOptions, GrowRows } from "./grow.ts";
import { BLOCK, createBlockGrower } from "./grow_block.ts";
import { createFiller } from "./histogram.ts";
import { NodeBuffer } from "./node_buffer.ts";
import { NodeSplitter } from "./node_splitter.ts";
import { prune } from "./prune.ts";

/** A node that waits for its turn. */
interface DeepNode extends GrowNode {
  histogram: Float64Array | undefined;
  /** The node whose right child it is, or -1. */
  parent: number;
  /** The least gain of the splits above it; Infinity at the root. */
  pathGain: number;
}

/**
 * Grows trees of many leaves: nodes of many rows depth first by histograms, smaller ones whole as
 * blocks. Where leaves are limited, splits that cannot be among the best are left out on the way,
 * and the rest is cut back to what best-first growth would have grown.
 */
export function createDepthFirst(table: BinnedTable, options: GrowOptions): Grow {
  const filler = createFiller(table);
  const { slots } = filler;
  const planes = options.weighted ? 2 : 1;
  const splitter = new NodeSplitter(table, options);
  const { search } = splitter;
  const buffer = new NodeBuffer();
  const floor = options.maxLeafNodes < table.rows
    ? new GainFloor(options.maxLeafNodes - 1)
    : undefined;
  const block = createBlockGrower(table, options, splitter, buffer, floor);
  const bundleSums = new Float64Array(filler.bundleSlots);
  const spareHistograms: Float64Array[] = [];

  const fill = (rows: GrowRows, order: Uint32Array, start: number, end: number) => {
    const histogram = spareHistograms.pop()?.fill(0) ?? new Float64Array(slots * planes);
    for (let plane = 0; plane < planes; plane++) {
      const values = plane === 0 ? rows.packed : rows.weights!;
      filler.add(bundleSums, values, order, start, end, end - start);
      filler.spread(bundleSums, histogram.subarray(plane * slots), end - start);
    }
    return histogram;
  };

  const release = (histogram: Float64Array | undefined) => {
    if (histogram) spareHistograms.push(histogram);
  };

  const isBlock = ({ start, end }: GrowNode) => end - start <= BLOCK;
  const needsHistogram = (node: GrowNode) => !isBlock(node) && splitter.canSplit(node);

  /** Gives those children histograms that need one: the larger gets what the smaller leaves. */
  const shareHistogram = (
    histogram: Float64Array,
    [left, right]: [DeepNode, DeepNode],
    fillNode: (node: GrowNode) => Float64Array,
  ) => {
    const [small, large] = left.end - left.start <= right.end - right.start
      ? [left, right]
      : [right, left];
    if (needsHistogram(large)) {
      small.histogram = fillNode(small);
      for (let i = 0; i < histogram.length; i++) histogram[i] = histogram[i]! - small.histogram[i]!;
      large.histogram = histogram;
      if (needsHistogram(small)) return;
      release(small.histogram);
      small.histogram = undefined;
    } else {
      release(histogram);
      if (needsHistogram(small)) small.histogram = fillNode(small);
    }
  };

  return (rows, order, key) => {
    const fillNode = ({ start, end }: GrowNode) => fill(rows, order, start, end);
    buffer.clear();
    floor?.clear();
    splitter.startTree(rows, order);
    block.startTree(rows, order);
    const histogram = fill(rows, order, 0, order.length);
    const root = splitter.makeRoot(key, histogram);
    /** Nodes to do, the next one last. */
    const waiting: DeepNode[] = [{ ...root, histogram, parent: -1, pathGain: Infinity }];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (node.parent >= 0) buffer.setRight(node.parent);
      if (isBlock(node)) {
        release(node.histogram);
        block.grow(node, node.pathGain);
        continue;
      }
      let { pathGain } = node;
      const canSplit = splitter.canSplit(node);
      if (canSplit) {
        splitter.findSplit(node, node.histogram!);
        pathGain = Math.min(pathGain, search.gain);
      }
      if (!canSplit || search.feature < 0 || (floor && pathGain < floor.lowest)) {
        release(node.histogram);
        buffer.pushLeaf(node.end, splitter.countOf(node), splitter.meanOf(node));
        continue;
      }
      floor?.add(pathGain);
      const parent = buffer.pushSplit(search, splitter.meanOf(node));
      const [first, second] = splitter.divide(node);
      const left: DeepNode = { ...first, histogram: undefined, parent: -1, pathGain };
      const right: DeepNode = { ...second, histogram: undefined, parent, pathGain };
      shareHistogram(node.histogram!, [left, right], fillNode);
      waiting.push(right, left);
    }
    return prune(buffer.view(), table.features, options.maxLeafNodes);
  };
}

import type { BinnedTable } from "./binned_table.ts";
import type { Grow, GrowNode, GrowOptions, GrowRows } from "./grow.ts";
import {
  growthMemorySize,
  mostLeaves,
  partGrowthMemory,
  readSplit,
  type SplitRecord,
  writeSplit,
} from "./growth_memory.ts";
import { createFiller } from "./histogram.ts";
import { copyStructure, NodeBuffer } from "./node_buffer.ts";
import { NodeSplitter } from "./node_splitter.ts";
import type { FoundSplit } from "./split.ts";
import { type Team, workAlone } from "./team.ts";

/** Trees of at most so many leaves are grown best first. */
export const FEW_LEAVES = 512;

/** A node in best-first growth. */
interface OpenNode extends GrowNode {
  /** Where its histogram stands, or -1. */
  slot: number;
  split: FoundSplit | undefined;
  /** Its two sides, once its rows are parted. */
  children: [OpenNode, OpenNode] | undefined;
  /** Whether its split is part of the tree. */
  isTaken: boolean;
}

/**
 * A team parts nodes before it is certain that their turn comes: of the splits that the tree still
 * lacks this share, and two at least. For 62 splits on the Walmart tables, 2 more are made in vain, in
 * 27 rounds; with a share of a third 13 were, in 25 rounds.
 */
const LOOK_AHEAD = 1 / 16;

/**
 * Grows trees of few leaves by histograms, the split that gains most first.
 *
 * A team works in rounds. In each, every thread parts its own rows of the same nodes and sums up
 * those of the smaller sides; then whoever is free takes a node, puts the threads' sums together and
 * finds the best splits of both sides. A round takes in more nodes than the one whose turn it is,
 * since waiting for each other costs more than parting some nodes in vain; the tree is the same.
 */
export function createBestFirst(
  table: BinnedTable,
  options: GrowOptions,
  team: Team = workAlone(growthMemorySize(table, options, 1)),
): Grow {
  const memory = partGrowthMemory(team.shared, table, options, team.size);
  const { planes, histograms } = memory;
  const filler = createFiller(table);
  const { slots } = filler;
  const splitter = new NodeSplitter(table, options);
  const { search } = splitter;
  const buffer = new NodeBuffer();
  const most = mostLeaves(options);
  let freeSlots: number[] = [];

  const release = (node: OpenNode) => {
    if (node.slot >= 0) freeSlots.push(node.slot);
    node.slot = -1;
  };

  /** Adds this thread's rows of a node to its sums; `count` is that of all threads' rows. */
  const addRows = (
    { packed, weights }: GrowRows,
    order: Uint32Array,
    start: number,
    end: number,
    task: number,
    count: number,
  ) => {
    for (let plane = 0; plane < planes; plane++) {
      const sums = memory.sums(team.index, task, plane);
      filler.add(sums, plane === 0 ? packed : weights!, order, start, end, count);
    }
  };

  /** Makes a histogram of all threads' sums. */
  const fillHistogram = (histogram: Float64Array, task: number, count: number) => {
    histogram.fill(0);
    for (let plane = 0; plane < planes; plane++) {
      const sums = memory.sums(0, task, plane);
      for (let thread = 1; thread < team.size; thread++) {
        filler.merge(sums, memory.sums(thread, task, plane), count);
      }
      filler.spread(sums, histogram.subarray(plane * slots), count);
    }
  };

  const open = (node: GrowNode): OpenNode => ({
    ...node,
    slot: -1,
    split: undefined,
    children: undefined,
    isTaken: false,
  });

  /** Finds the split of a node with this histogram, and puts it where all threads see it. */
  const findSplit = (node: GrowNode, histogram: Float64Array, to: SplitRecord) => {
    search.feature = -1;
    if (splitter.canSplit(node)) splitter.findSplit(node, histogram);
    writeSplit(to, search);
  };

  const growRoot = (rows: GrowRows, order: Uint32Array, key: number): OpenNode => {
    const slot = freeSlots.pop()!;
    const histogram = histograms[slot]!;
    addRows(rows, order, 0, order.length, 0, table.rows);
    team.wait();
    if (team.takeTask() === 0) {
      fillHistogram(histogram, 0, table.rows);
      findSplit(splitter.makeRoot(key, histogram), histogram, memory.splits[0]!);
    }
    team.wait();
    const split = readSplit(memory.splits[0]!);
    return { ...open(splitter.makeRoot(key, histogram)), slot, split };
  };

  /** Parts this thread's rows of a node. */
  const divide = (node: OpenNode) => {
    search.restore(node.split!);
    const [left, right] = splitter.divide(node);
    node.children = [open(left), open(right)];
  };

  /** Parts this thread's rows of a node, and adds up those of its smaller side. */
  const partNode = (rows: GrowRows, order: Uint32Array, node: OpenNode, task: number) => {
    divide(node);
    const [small, large] = bySize(node);
    if (splitter.canSplit(large)) {
      large.slot = node.slot;
      node.slot = -1;
    } else release(node);
    // The larger side's histogram is what the smaller one's leaves of the node's.
    if (large.slot < 0 && !splitter.canSplit(small)) return;
    small.slot = freeSlots.pop()!;
    addRows(rows, order, small.start, small.end, task, splitter.countOf(small));
  };

  /** The node's sides, that with fewer rows first. */
  const bySize = ({ children }: OpenNode): [OpenNode, OpenNode] => {
    const [left, right] = children!;
    return splitter.countOf(left) <= splitter.countOf(right) ? [left, right] : [right, left];
  };

  /** Finds the splits of a parted node's sides, and puts them where all threads see them. */
  const findSplits = (node: OpenNode, task: number) => {
    const [small, large] = bySize(node);
    if (small.slot < 0) return;
    const histogram = histograms[small.slot]!;
    fillHistogram(histogram, task, splitter.countOf(small));
    if (large.slot >= 0) subtract(histograms[large.slot]!, histogram);
    for (const [side, child] of node.children!.entries()) {
      if (child.slot < 0) continue;
      findSplit(child, histograms[child.slot]!, memory.splits[task * 2 + side]!);
    }
  };

  /** Takes over what one of the threads found for a node's sides. */
  const readSplits = (node: OpenNode, task: number) => {
    for (const [side, child] of node.children!.entries()) {
      if (child.slot < 0) continue;
      child.split = readSplit(memory.splits[task * 2 + side]!);
      if (!child.split) release(child);
    }
  };

  /** Parts nodes and finds the splits of their sides, in one round of the team. */
  const partNodes = (rows: GrowRows, order: Uint32Array, batch: OpenNode[]) => {
    for (const [task, node] of batch.entries()) partNode(rows, order, node, task);
    team.wait();
    for (let task = team.takeTask(); task < batch.length; task = team.takeTask()) {
      findSplits(batch[task]!, task);
    }
    team.wait();
    for (const [task, node] of batch.entries()) readSplits(node, task);
  };

  const emit = (node: OpenNode): void => {
    if (!node.isTaken) {
      return buffer.pushLeaf(node.end, splitter.countOf(node), splitter.meanOf(node));
    }
    const index = buffer.pushSplit(node.split!, splitter.meanOf(node));
    emit(node.children![0]);
    buffer.setRight(index);
    emit(node.children![1]);
  };

  return (rows, order, key) => {
    buffer.clear();
    freeSlots = [...histograms.keys()];
    splitter.startTree(rows, order);
    const root = growRoot(rows, order, key);
    const candidates = root.split ? [root] : [];
    /** Splits made but not taken so far. */
    let ahead = 0;
    for (let missing = most - 1; missing > 0 && candidates.length > 0; missing--) {
      const best = findBest(candidates);
      const node = candidates[best]!;
      if (node.children) ahead--;
      else if (missing === 1) {
        // The last split's sides stay leaves.
        divide(node);
      } else {
        const lacking = missing - ahead;
        const size = Math.min(memory.batch, lacking, Math.max(2, Math.ceil(lacking * LOOK_AHEAD)));
        const batch = size > 1 ? chooseBatch(candidates, node, size) : [node];
        partNodes(rows, order, batch);
        ahead += batch.length - 1;
      }
      candidates.splice(best, 1);
      node.isTaken = true;
      for (const child of node.children!) if (child.split) candidates.push(child);
    }
    emit(root);
    return copyStructure(buffer.view());
  };
}

function findBest(candidates: OpenNode[]): number {
  let best = 0;
  for (let i = 1; i < candidates.length; i++) {
    if (candidates[i]!.split!.gain > candidates[best]!.split!.gain) best = i;
  }
  return best;
}

/** The node whose turn it is, and those others whose turn will likely come soonest. */
function chooseBatch(candidates: OpenNode[], next: OpenNode, size: number): OpenNode[] {
  const others: { node: OpenNode; pathGain: number }[] = [];
  const visit = (node: OpenNode, above: number) => {
    if (!node.split || node === next) return;
    const pathGain = Math.min(above, node.split.gain);
    if (!node.children) others.push({ node, pathGain });
    else for (const child of node.children) visit(child, pathGain);
  };
  for (const node of candidates) visit(node, Infinity);
  others.sort((a, b) => b.pathGain - a.pathGain);
  return [next, ...others.slice(0, size - 1).map(({ node }) => node)];
}

/** Takes the part off the whole. */
function subtract(whole: Float64Array, part: Float64Array): void {
  for (let i = 0; i < whole.length; i++) whole[i] = whole[i]! - part[i]!;
}

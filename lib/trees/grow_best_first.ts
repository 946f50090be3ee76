import type { BinnedTable } from "./binned_table.ts";
import type { Grow, GrowNode, GrowOptions, GrowRows } from "./grow.ts";
import { countSlots, createFiller } from "./histogram.ts";
import { copyStructure, NodeBuffer } from "./node_buffer.ts";
import { NodeSplitter } from "./node_splitter.ts";
import { type FoundSplit, SET_BYTES } from "./split.ts";
import { type Team, workAlone } from "./team.ts";

/** Trees of at most so many leaves are grown best first. */
export const FEW_LEAVES = 512;

/** Most leaves of a tree. */
export function mostLeaves({ maxDepth, maxLeafNodes }: GrowOptions): number {
  return Math.min(maxLeafNodes, 2 ** maxDepth);
}

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

/** Most nodes that a team parts between two waits. */
const BATCH = 16;

/**
 * A team parts nodes before it is certain that their turn comes: of the splits that the tree still
 * lacks this share, and two at least. Of 62 splits, 3 are made in vain on the Walmart tables; a third
 * of them would be 12, and no round fewer.
 */
const LOOK_AHEAD = 1 / 16;

/** Numbers of a split in shared memory: six, and the set's bytes. */
const RECORD = 6 + SET_BYTES / 8;

/** Where things stand in the memory of a team. */
function layOutMemory(table: BinnedTable, options: GrowOptions, threads: number) {
  const { bundleSlots, slots } = countSlots(table);
  const planes = options.weighted ? 2 : 1;
  const batch = threads === 1 ? 1 : BATCH;
  // Splits beyond those of the tree are at most as many again; see `chooseBatch`.
  const histograms = 2 * mostLeaves(options) + batch;
  const afterSums = threads * batch * planes * bundleSlots;
  const afterHistograms = afterSums + histograms * planes * slots;
  const end = afterHistograms + 2 * batch * RECORD;
  return { batch, planes, bundleSlots, slots, histograms, afterSums, afterHistograms, end };
}

/** How many numbers a team of threads shares to grow trees best first. */
export function bestFirstCapacity(
  table: BinnedTable,
  options: GrowOptions,
  threads: number,
): number {
  return layOutMemory(table, options, threads).end;
}

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
  team: Team = workAlone(bestFirstCapacity(table, options, 1)),
): Grow {
  const { shared } = team;
  const layout = layOutMemory(table, options, team.size);
  const { batch: batchSize, planes, bundleSlots, slots } = layout;
  const filler = createFiller(table);
  const splitter = new NodeSplitter(table, options);
  const { search } = splitter;
  const buffer = new NodeBuffer();
  const noSet = new Uint8Array(SET_BYTES);
  const most = mostLeaves(options);
  let freeSlots: number[] = [];

  const bundleSums = Array.from({ length: team.size * batchSize * planes }, (_, i) => {
    return shared.subarray(i * bundleSlots, (i + 1) * bundleSlots);
  });
  const sumsOf = (thread: number, task: number, plane: number) =>
    bundleSums[(thread * batchSize + task) * planes + plane]!;
  const histograms = Array.from({ length: layout.histograms }, (_, i) => {
    const start = layout.afterSums + i * planes * slots;
    return shared.subarray(start, start + planes * slots);
  });
  const records = Array.from({ length: 2 * batchSize }, (_, i) => {
    const start = layout.afterHistograms + i * RECORD;
    const numbers = shared.subarray(start, start + RECORD);
    return { numbers, set: new Uint8Array(shared.buffer, numbers.byteOffset + 48, SET_BYTES) };
  });

  const countOf = ({ sum, weight }: GrowNode) => search.countOf(sum, weight);

  const release = (node: OpenNode) => {
    if (node.slot >= 0) freeSlots.push(node.slot);
    node.slot = -1;
  };

  /** Adds this thread's rows of a node to its sums. */
  const addNode = (
    { packed, weights }: GrowRows,
    order: Uint32Array,
    { start, end }: GrowNode,
    task: number,
    count: number,
  ) => {
    for (let plane = 0; plane < planes; plane++) {
      const sums = sumsOf(team.index, task, plane);
      filler.add(sums, plane === 0 ? packed : weights!, order, start, end, count);
    }
  };

  /** Makes a histogram of all threads' sums. */
  const fillHistogram = (histogram: Float64Array, task: number, count: number) => {
    histogram.fill(0);
    for (let plane = 0; plane < planes; plane++) {
      const sums = sumsOf(0, task, plane);
      for (let thread = 1; thread < team.size; thread++) {
        filler.merge(sums, sumsOf(thread, task, plane), count);
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

  const growRoot = (rows: GrowRows, order: Uint32Array, key: number): OpenNode => {
    const slot = freeSlots.pop()!;
    const histogram = histograms[slot]!;
    addNode(rows, order, { start: 0, end: order.length } as GrowNode, 0, table.rows);
    team.wait();
    if (team.takeTask() === 0) fillHistogram(histogram, 0, table.rows);
    team.wait();
    const root = { ...open(splitter.makeRoot(key, histogram)), slot };
    if (splitter.canSplit(root)) {
      splitter.findSplit(root, histogram);
      root.split = takeSplit();
    }
    return root;
  };

  /** What the search has found. */
  const takeSplit = (): FoundSplit | undefined => {
    if (search.feature < 0) return undefined;
    const { feature, gain, threshold, missingLeft, set, leftSum, leftWeight } = search;
    const kept = threshold < 0 ? set.slice() : noSet;
    return { feature, gain, threshold, missingLeft, set: kept, leftSum, leftWeight };
  };

  /** Parts this thread's rows of a node, and adds up those of its smaller side. */
  const partNode = (rows: GrowRows, order: Uint32Array, node: OpenNode, task: number) => {
    search.restore(node.split!);
    const [left, right] = splitter.divide(node);
    node.children = [open(left), open(right)];
    const [small, large] = bySize(node);
    if (splitter.canSplit(large)) {
      large.slot = node.slot;
      node.slot = -1;
    } else release(node);
    // The larger side's histogram is what the smaller one's leaves of the node's.
    if (large.slot < 0 && !splitter.canSplit(small)) return;
    small.slot = freeSlots.pop()!;
    addNode(rows, order, small, task, countOf(small));
  };

  /** The node's sides, that with fewer rows first. */
  const bySize = ({ children }: OpenNode): [OpenNode, OpenNode] => {
    const [left, right] = children!;
    return countOf(left) <= countOf(right) ? [left, right] : [right, left];
  };

  /** Finds the splits of a parted node's sides, and puts them where all threads see them. */
  const findSplits = (node: OpenNode, task: number) => {
    const [small, large] = bySize(node);
    if (small.slot < 0) return;
    const histogram = histograms[small.slot]!;
    fillHistogram(histogram, task, countOf(small));
    if (large.slot >= 0) subtract(histograms[large.slot]!, histogram);
    for (const [side, child] of node.children!.entries()) {
      const { numbers, set } = records[task * 2 + side]!;
      if (child.slot < 0 || !splitter.canSplit(child)) {
        numbers[0] = -1;
        continue;
      }
      splitter.findSplit(child, histograms[child.slot]!);
      numbers[0] = search.feature;
      numbers[1] = search.gain;
      numbers[2] = search.threshold;
      numbers[3] = search.missingLeft ? 1 : 0;
      numbers[4] = search.leftSum;
      numbers[5] = search.leftWeight;
      set.set(search.set);
    }
  };

  /** Takes over what one of the threads found for a node's sides. */
  const readSplits = (node: OpenNode, task: number) => {
    for (const [side, child] of node.children!.entries()) {
      const { numbers, set } = records[task * 2 + side]!;
      if (child.slot < 0) continue;
      const threshold = numbers[2]!;
      if (numbers[0]! < 0) release(child);
      else {
        child.split = {
          feature: numbers[0]!,
          gain: numbers[1]!,
          threshold,
          missingLeft: numbers[3] === 1,
          leftSum: numbers[4]!,
          leftWeight: numbers[5]!,
          set: threshold < 0 ? set.slice() : noSet,
        };
      }
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
    if (!node.isTaken) return buffer.pushLeaf(node.end, splitter.meanOf(node));
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
        search.restore(node.split!);
        const [left, right] = splitter.divide(node);
        node.children = [open(left), open(right)];
      } else {
        const lacking = missing - ahead;
        const size = Math.min(batchSize, lacking, Math.max(2, Math.ceil(lacking * LOOK_AHEAD)));
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

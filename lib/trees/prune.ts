import type { FeatureBins } from "./binning.ts";
import { LEAF } from "./ensemble.ts";
import { copyStructure, type Structure } from "./node_buffer.ts";
import { SET_BYTES } from "./split.ts";

/**
 * Cuts a whole tree back to what best-first growth of `maxLeafNodes` leaves would have grown: since a
 * node's split depends on its rows alone, it is the same tree. The result has memory of its own.
 */
export function prune(
  tree: Structure,
  features: FeatureBins[],
  maxLeafNodes: number,
): Structure {
  const { feature, right, gain, leafEnds } = tree;
  if (leafEnds.length <= maxLeafNodes) return copyStructure(tree);
  const isSplit = new Uint8Array(feature.length);
  const heap = createHeap(gain);
  if (feature[0] !== LEAF) heap.push(0);
  for (let leaves = 1; leaves < maxLeafNodes; leaves++) {
    const node = heap.pop();
    isSplit[node] = 1;
    for (const child of [node + 1, right[node]!]) if (feature[child] !== LEAF) heap.push(child);
  }
  return keepSplits(tree, features, isSplit, maxLeafNodes);
}

function keepSplits(
  tree: Structure,
  features: FeatureBins[],
  isSplit: Uint8Array,
  leaves: number,
): Structure {
  const nodes = 2 * leaves - 1;
  const kept: Structure = {
    feature: new Uint8Array(nodes),
    split: new Uint32Array(nodes),
    right: new Uint32Array(nodes),
    sets: new Uint8Array(tree.sets.length),
    gain: new Float64Array(nodes),
    leafEnds: new Uint32Array(leaves),
    leafRows: new Uint32Array(leaves),
    mean: new Float64Array(nodes),
  };
  let sets = 0;
  /** Splits whose right child has not come yet. */
  const waiting: number[] = [];
  let node = 0, leaf = 0, oldLeaf = 0;
  for (let old = 0; old < tree.feature.length;) {
    kept.mean[node] = tree.mean[old]!;
    if (isSplit[old]) {
      kept.feature[node] = tree.feature[old]!;
      kept.gain[node] = tree.gain[old]!;
      if (features[tree.feature[old]!]!.kind === "category") {
        const from = tree.split[old]!;
        kept.sets.set(tree.sets.subarray(from, from + SET_BYTES), sets);
        kept.split[node] = sets;
        sets += SET_BYTES;
      } else kept.split[node] = tree.split[old]!;
      waiting.push(node++);
      old++;
      continue;
    }
    kept.feature[node++] = LEAF;
    // All of the old subtree becomes one leaf, which ends where its last leaf ended.
    let rows = 0;
    for (let open = 1; open > 0; old++) {
      const isLeaf = tree.feature[old] === LEAF;
      open += isLeaf ? -1 : 1;
      if (isLeaf) rows += tree.leafRows[oldLeaf++]!;
    }
    kept.leafRows[leaf] = rows;
    kept.leafEnds[leaf++] = tree.leafEnds[oldLeaf - 1]!;
    const parent = waiting.pop();
    if (parent !== undefined) kept.right[parent] = node;
  }
  return { ...kept, sets: kept.sets.slice(0, sets) };
}

/** A heap of node numbers, that with the highest gain first; of equal gains the lowest number. */
function createHeap(gain: Float64Array) {
  const nodes: number[] = [];
  const isBefore = (a: number, b: number) => gain[a]! > gain[b]! || (gain[a] === gain[b] && a < b);
  const push = (node: number) => {
    let at = nodes.length;
    nodes.push(node);
    for (; at > 0; at = (at - 1) >>> 1) {
      const parent = nodes[(at - 1) >>> 1]!;
      if (!isBefore(node, parent)) break;
      nodes[at] = parent;
    }
    nodes[at] = node;
  };
  const pop = (): number => {
    const top = nodes[0]!;
    const last = nodes.pop()!;
    if (nodes.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= nodes.length) break;
      if (child + 1 < nodes.length && isBefore(nodes[child + 1]!, nodes[child]!)) child++;
      if (!isBefore(nodes[child]!, last)) break;
      nodes[at] = nodes[child]!;
      at = child;
    }
    nodes[at] = last;
    return top;
  };
  return { push, pop };
}

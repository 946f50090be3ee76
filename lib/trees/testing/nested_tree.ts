import type { FeatureBins } from "../binning.ts";
import { LEAF } from "../ensemble.ts";
import type { NodeBuffer, Structure } from "../node_buffer.ts";
import { SET_BYTES } from "../split.ts";

/** A grown tree as objects. */
export type NestedTree = NestedLeaf | NestedSplit;

export interface NestedLeaf {
  mean: number;
  /** How many rows it has. */
  rows: number;
}

export interface NestedSplit {
  mean: number;
  feature: number;
  gain: number;
  /** Numbers: the highest bin that goes left; categories: first byte of the set of these. */
  where: number;
  left: NestedTree;
  right: NestedTree;
}

/** A number, and a category. */
export const FEATURES: FeatureBins[] = [
  { kind: "number", edges: Float64Array.from({ length: 254 }, (_, i) => i) },
  { kind: "category", categories: Float64Array.of(1, 2, 3, 4, 5, 6, 7) },
];

/** Adds a tree over {@linkcode FEATURES} to a buffer; its rows begin at `start`. */
export function writeTree(buffer: NodeBuffer, tree: NestedTree, start = 0): number {
  if ("rows" in tree) {
    buffer.pushLeaf(start + tree.rows, tree.rows, tree.mean);
    return start + tree.rows;
  }
  const { feature, gain, where, mean } = tree;
  const isNumber = FEATURES[feature]!.kind === "number";
  const set = new Uint8Array(SET_BYTES);
  if (!isNumber) set[0] = where;
  const threshold = isNumber ? where : -1;
  const node = buffer.pushSplit(
    { feature, gain, threshold, missingLeft: false, set, leftSum: 0, leftWeight: 0 },
    mean,
  );
  const middle = writeTree(buffer, tree.left, start);
  buffer.setRight(node);
  return writeTree(buffer, tree.right, middle);
}

/** Reads a tree over {@linkcode FEATURES}; throws where its arrays hold anything else. */
export function readTree(tree: Structure): NestedTree {
  let node = 0, leaf = 0, sets = 0;
  const read = (): NestedTree => {
    const at = node++;
    const mean = tree.mean[at]!, feature = tree.feature[at]!, gain = tree.gain[at]!;
    const split = tree.split[at]!;
    if (feature === LEAF) {
      expect(gain === 0 && split === 0 && tree.right[at] === 0, `leaf ${at} is not blank`);
      const rows = tree.leafEnds[leaf]! - (leaf > 0 ? tree.leafEnds[leaf - 1]! : 0);
      expect(
        tree.leafRows[leaf] === rows,
        `leaf ${at} has ${tree.leafRows[leaf]} rows, not ${rows}`,
      );
      leaf++;
      return { mean, rows };
    }
    const isNumber = FEATURES[feature]!.kind === "number";
    if (!isNumber) {
      expect(split === sets, `set of node ${at} is at ${split}, not ${sets}`);
      sets += SET_BYTES;
    }
    const where = isNumber ? split : tree.sets[split]!;
    const left = read();
    expect(tree.right[at] === node, `right child of ${at} is ${tree.right[at]}, not ${node}`);
    return { mean, feature, gain, where, left, right: read() };
  };
  const root = read();
  for (const array of [tree.feature, tree.split, tree.right, tree.gain, tree.mean]) {
    expect(array.length === node, `${array.length} entries for ${node} nodes`);
  }
  for (const array of [tree.leafEnds, tree.leafRows]) {
    expect(array.length === leaf, `${array.length} entries for ${leaf} leaves`);
  }
  expect(tree.sets.length === sets, `${tree.sets.length} bytes for sets of ${sets}`);
  return root;
}

function expect(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { NodeBuffer } from "./node_buffer.ts";
import { prune } from "./prune.ts";
import {
  FEATURES,
  type NestedLeaf,
  type NestedSplit,
  type NestedTree,
  readTree,
  writeTree,
} from "./testing/nested_tree.ts";

const mean = fc.integer({ min: -9, max: 9 });
const leaf: fc.Arbitrary<NestedLeaf> = fc.record({ mean, rows: fc.integer({ min: 1, max: 5 }) });
/** Few different gains, so that many are equal; children may gain more than their parents. */
const tree = fc.memo((depth): fc.Arbitrary<NestedTree> => {
  if (depth <= 1) return leaf;
  const split: fc.Arbitrary<NestedSplit> = fc.record({
    mean,
    feature: fc.nat(1),
    gain: fc.integer({ min: 1, max: 12 }),
    where: fc.nat(200),
    left: tree(depth - 1),
    right: tree(depth - 1),
  });
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 5, arbitrary: split });
});

function structureOf(tree: NestedTree) {
  const buffer = new NodeBuffer();
  writeTree(buffer, tree);
  return buffer.view();
}

const isLeaf = (node: NestedTree): node is NestedLeaf => "rows" in node;
const inOrder = (node: NestedTree): NestedTree[] =>
  isLeaf(node) ? [node] : [node, ...inOrder(node.left), ...inOrder(node.right)];
const rowsOf = (node: NestedTree) =>
  inOrder(node).reduce((sum, part) => sum + (isLeaf(part) ? part.rows : 0), 0);

/** Splits one node after the other, of those whose parent is split the one that gains most. */
function growBestFirst(root: NestedTree, maxLeafNodes: number): NestedTree {
  const split = new Set<NestedTree>();
  const place = new Map(inOrder(root).map((node, i) => [node, i]));
  let open = [root];
  while (open.length < maxLeafNodes) {
    const candidates = open.filter((node) => !isLeaf(node)) as NestedSplit[];
    if (candidates.length === 0) break;
    const best = candidates.sort((a, b) => b.gain - a.gain || place.get(a)! - place.get(b)!)[0]!;
    split.add(best);
    open = [...open.filter((node) => node !== best), best.left, best.right];
  }
  const cut = (node: NestedTree): NestedTree =>
    isLeaf(node) || !split.has(node)
      ? { mean: node.mean, rows: rowsOf(node) }
      : { ...node, left: cut(node.left), right: cut(node.right) };
  return cut(root);
}

Deno.test("prune() leaves of a whole tree what best-first growth would have grown", () => {
  fc.assert(
    fc.property(tree(7), fc.integer({ min: 1, max: 30 }), (tree, maxLeafNodes) => {
      const pruned = prune(structureOf(tree), FEATURES, maxLeafNodes);
      assert.deepEqual(readTree(pruned), growBestFirst(tree, maxLeafNodes));
    }),
    { numRuns: 200 },
  );
});

Deno.test("prune() gives the tree memory of its own, also where there is nothing to cut", () => {
  fc.assert(fc.property(tree(4), fc.integer({ min: 1, max: 10 }), (tree, maxLeafNodes) => {
    const whole = structureOf(tree);
    const pruned = prune(whole, FEATURES, maxLeafNodes);
    for (const array of Object.values(whole)) array.fill(77);
    assert.deepEqual(readTree(pruned), growBestFirst(tree, maxLeafNodes));
  }));
});

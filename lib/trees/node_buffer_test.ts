import assert from "node:assert/strict";
import { NodeBuffer } from "./node_buffer.ts";
import { type NestedTree, readTree, writeTree } from "./testing/nested_tree.ts";

/** A tree of `leaves` leaves, half of its splits on categories; `salt` makes its numbers other ones. */
function treeOf(leaves: number, salt: number, at = 0): NestedTree {
  const mean = at + salt / 8;
  if (leaves === 1) return { mean, rows: 1 + (at + salt) % 3 };
  const left = Math.ceil(leaves / 3);
  return {
    mean,
    feature: (at + leaves) % 2,
    gain: 1 + at + salt,
    where: (at + salt) % 200,
    left: treeOf(left, salt, at + 1),
    right: treeOf(leaves - left, salt, at + 2 * left),
  };
}

Deno.test("NodeBuffer gives back every node, and nothing of the tree before", () => {
  const buffer = new NodeBuffer();
  // The first has to grow the buffer's arrays several times; the others find them used.
  for (const [salt, leaves] of [500, 2, 1, 300].entries()) {
    const tree = treeOf(leaves, salt);
    buffer.clear();
    writeTree(buffer, tree);
    assert.equal(buffer.length, 2 * leaves - 1);
    assert.deepEqual(readTree(buffer.view()), tree);
  }
});

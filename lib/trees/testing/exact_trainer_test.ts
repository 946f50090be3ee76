import assert from "node:assert/strict";
import {
  bestSplit,
  exactError,
  type ExactTable,
  predictExactly,
  trainExactly,
} from "./exact_trainer.ts";

const numbers = (...values: number[]) => Float64Array.from(values);

Deno.test("trainExactly() parts numbers half way between neighbours", () => {
  const table: ExactTable = {
    kinds: ["number"],
    columns: [numbers(1, 2, 4, 8)],
    targets: numbers(0, 0, 6, 6),
  };
  const tree = trainExactly(table);
  assert.equal(tree.split!.gain, 36);
  assert.deepEqual(tree.split!.left, [0, 1]);
  assert.deepEqual([2.9, 3, 3.1].map((x) => predictExactly(tree, [x])), [0, 0, 6]);
});

Deno.test("bestSplit() tries missing values on either side, and alone", () => {
  const columns = [numbers(1, 2, NaN)];
  const sides = (...targets: number[]) =>
    bestSplit({ kinds: ["number"], columns, targets: numbers(...targets) }, [0, 1, 2])!.left;
  assert.deepEqual(sides(0, 9, 0), [0, 2]);
  assert.deepEqual(sides(0, 9, 9), [0]);
  assert.deepEqual(sides(9, 9, 0), [0, 1]);
});

Deno.test("bestSplit() tries every set of categories, missing values as one more", () => {
  const table: ExactTable = {
    kinds: ["category"],
    columns: [numbers(5, 1, NaN, 3, 5)],
    targets: numbers(9, 0, 9, 0, 9),
  };
  const split = bestSplit(table, [0, 1, 2, 3, 4])!;
  assert.equal(exactError(table, split.left) + exactError(table, split.right), 0);
  const sideOfFive = split.goesLeft(5);
  assert.deepEqual([1, 3, NaN].map(split.goesLeft), [!sideOfFive, !sideOfFive, sideOfFive]);
});

Deno.test("bestSplit() counts each row by its weight", () => {
  const columns = [numbers(1, 2, 3)], targets = numbers(0, 2, 3);
  const split = (weights?: Float64Array) =>
    bestSplit({ kinds: ["number"], columns, targets, weights }, [0, 1, 2], 1)!;
  assert.deepEqual(split().left, [0]);
  assert.ok(Math.abs(split().gain - (14 / 3 - 0.5)) < 1e-12);
  assert.deepEqual(split(numbers(1, 100, 100)).left, [0, 1]);
});

Deno.test("trainExactly() keeps the limits, and splits first where that gains most", () => {
  const table: ExactTable = {
    kinds: ["number"],
    columns: [numbers(1, 2, 3, 4, 5, 6)],
    targets: numbers(0, 0, 1, 20, 30, 30),
  };
  const leaves = (limits: Parameters<typeof trainExactly>[1]) => {
    const tree = trainExactly(table, limits);
    return [1, 2, 3, 4, 5, 6].map((x) => predictExactly(tree, [x]));
  };
  assert.deepEqual(leaves({ max_leaf_nodes: 3 }), [1 / 3, 1 / 3, 1 / 3, 20, 30, 30]);
  assert.deepEqual(leaves({ max_depth: 1 }), [1 / 3, 1 / 3, 1 / 3, 80 / 3, 80 / 3, 80 / 3]);
  assert.deepEqual(leaves({ min_samples_leaf: 4 }), new Array(6).fill(81 / 6));
  assert.deepEqual(leaves({}), Array.from(table.targets));
});

Deno.test("bestSplit() finds nothing where all targets or all features are the same", () => {
  const same = numbers(7, 7, 7), different = numbers(1, 2, 3);
  assert.equal(
    bestSplit({ kinds: ["number"], columns: [different], targets: same }, [0, 1, 2]),
    undefined,
  );
  assert.equal(
    bestSplit({ kinds: ["number"], columns: [same], targets: different }, [0, 1, 2]),
    undefined,
  );
});

Deno.test("bestSplit() refuses more categories than it can try all sets of", () => {
  const columns = [numbers(1, 2, 3, 4, 5, 6, 7)];
  const table: ExactTable = { kinds: ["category"], columns, targets: columns[0]! };
  assert.throws(() => bestSplit(table, [0, 1, 2, 3, 4, 5, 6]), RangeError);
});

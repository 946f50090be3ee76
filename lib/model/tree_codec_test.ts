import assert from "node:assert/strict";
import fc from "fast-check";
import { joinTrees } from "../trees/ensemble.ts";
import { type FeatureBins, LEAF, MISSING_LEFT, missingBin, type Nodes } from "../trees/mod.ts";
import { type CompactTrees, compactTrees, expandTrees } from "./tree_codec.ts";

/** A tree as drawn: of a split, only what suits its feature is used. */
type Drawn =
  | { multiple: number; cover: number }
  | { feature: number; bin: number; missingLeft: boolean; set: Uint8Array; children: Drawn[] };

/** All of them float32, the ends of 32 bits among them. */
const multiple = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -(2 ** 24), max: 2 ** 24 }),
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 128, 2 ** 28, -(2 ** 28)),
);

const cover = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(2 ** 24, 2 ** 32 - 1));

const drawnTree = fc.letrec<{ tree: Drawn }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ multiple, cover }),
    fc.record({
      feature: fc.nat(254),
      bin: fc.nat(254),
      missingLeft: fc.boolean(),
      set: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      children: fc.array(tie("tree"), { minLength: 2, maxLength: 2 }),
    }),
  ),
})).tree;

const bins = fc.record({
  kind: fc.constantFrom("number" as const, "category" as const),
  size: fc.oneof(fc.nat(10), fc.constantFrom(7, 8, 254)),
}).map(({ kind, size }) => makeBins(kind, size));

const ensemble = fc.record({
  features: fc.oneof(
    fc.array(bins, { minLength: 1, maxLength: 5 }),
    fc.array(bins, { minLength: 254, maxLength: 254 }),
  ),
  drawn: fc.array(drawnTree, { minLength: 1, maxLength: 6 }),
  leafStep: fc.integer({ min: -120, max: 96 }).map((exponent) => 2 ** exponent),
}).map(({ features, drawn, leafStep }) => {
  const trees = drawn.map((tree) => toNodes(tree, features, leafStep));
  return { features, leafStep, ...joinTrees(trees, features) };
});

function makeBins(kind: FeatureBins["kind"], size: number): FeatureBins {
  const values = Float64Array.from({ length: size }, (_, i) => i);
  return kind === "number" ? { kind, edges: values } : { kind, categories: values };
}

/** Nodes of one tree, in pre-order. */
function toNodes(tree: Drawn, features: FeatureBins[], leafStep: number): Nodes {
  const feature: number[] = [], split: number[] = [], right: number[] = [];
  const value: number[] = [], cover: number[] = [], sets: number[] = [];
  const add = (node: Drawn) => {
    const at = feature.length;
    const isLeaf = "multiple" in node;
    const index = isLeaf ? LEAF : node.feature % features.length;
    feature.push(index);
    value.push(isLeaf ? node.multiple * leafStep : 0);
    cover.push(isLeaf ? node.cover : 0);
    right.push(0);
    if (isLeaf) split.push(0);
    else {
      const bins = features[index]!;
      if (bins.kind === "number") {
        split.push(node.bin % missingBin(bins) + (node.missingLeft ? MISSING_LEFT : 0));
      } else {
        split.push(sets.length);
        sets.push(...node.set);
      }
      add(node.children[0]!);
      right[at] = feature.length;
      add(node.children[1]!);
    }
  };
  add(tree);
  return {
    feature: Uint8Array.from(feature),
    split: Uint32Array.from(split),
    right: Uint32Array.from(right),
    value: Float32Array.from(value),
    cover: Uint32Array.from(cover),
    sets: Uint8Array.from(sets),
  };
}

type Trees = ReturnType<typeof joinTrees>;

/** Checks that compact trees expand to what they were made of. */
function checkInverse(
  { features, leafStep, roots, nodes }: Trees & { features: FeatureBins[]; leafStep: number },
): void {
  const compact = compactTrees({ features, leafStep, nodes });
  assert.deepEqual(expandTrees(compact, features, roots.length - 1, leafStep), { roots, nodes });
}

Deno.test("expandTrees() gives back the trees that compactTrees() took", () => {
  fc.assert(fc.property(ensemble, checkInverse), { numRuns: 300 });
});

Deno.test("expandTrees() gives back chains to either side, and many single leaves", () => {
  const features = [makeBins("number", 3), makeBins("category", 9)];
  const leaf = (multiple: number): Drawn => ({ multiple, cover: 3 + multiple });
  const chain = (length: number, isLeft: (i: number) => boolean) => {
    let tree = leaf(-1);
    for (let i = 0; i < length; i++) {
      const children = isLeft(i) ? [tree, leaf(i)] : [leaf(i), tree];
      const set = new Uint8Array(32).fill(i);
      tree = { feature: i % 2, bin: i, missingLeft: i % 3 === 0, set, children };
    }
    return toNodes(tree, features, 0.5);
  };
  const chains = [() => true, () => false, (i: number) => i % 5 < 2].map((isLeft) =>
    chain(2000, isLeft)
  );
  const leaves = Array.from({ length: 10_000 }, (_, i) => toNodes(leaf(i), features, 0.5));
  for (const trees of [chains, leaves, [...leaves.slice(0, 3), ...chains, ...leaves]]) {
    checkInverse({ features, leafStep: 0.5, ...joinTrees(trees, features) });
  }
});

/** Two trees: a split on a category above one on a number, and a leaf. */
const literal = {
  features: [makeBins("number", 2), makeBins("category", 9)],
  leafStep: 0.25,
  roots: Uint32Array.of(0, 5, 6),
  nodes: {
    feature: Uint8Array.of(1, LEAF, 0, LEAF, LEAF, LEAF),
    split: Uint32Array.of(0, 0, 2 + MISSING_LEFT, 0, 0, 0),
    right: Uint32Array.of(2, 0, 4, 0, 0, 0),
    value: Float32Array.of(0, 0.5, 0, -1, 3, 100),
    cover: Uint32Array.of(0, 30, 0, 1, 69, 100),
    sets: Uint8Array.of(0b1010_0001, 0b10),
  },
};

const none = new Uint8Array(0);
const literalParts: CompactTrees = {
  feature: Uint8Array.of(1, LEAF, 0, LEAF, LEAF, LEAF),
  value: Int32Array.of(2, -4, 12, 400),
  cover: Uint32Array.of(30, 1, 69, 100),
  splits: [
    { threshold: Uint8Array.of(2), missingLeft: Uint8Array.of(1), sets: none },
    { threshold: none, missingLeft: none, sets: Uint8Array.of(0b1010_0001, 0b10) },
  ],
};

Deno.test("compactTrees() keeps what does not follow from the nodes' order, and no more", () => {
  assert.deepEqual(compactTrees(literal), literalParts);
  checkInverse(literal);
});

Deno.test("compactTrees() refuses leaves that the file would round", () => {
  const { features, nodes } = literal;
  const compact = (leaf: number, leafStep: number) =>
    compactTrees({
      features,
      leafStep,
      nodes: { ...nodes, value: nodes.value.slice().fill(leaf, 5) },
    });
  for (
    const [leaf, step] of [[0.3, 0.25], [1, 4], [2 ** 31, 1], [NaN, 1], [Infinity, 1]] as const
  ) {
    assert.throws(() => compact(leaf, step), /^RangeError: Expected leaves that are multiples/);
  }
});

/** Checks that every path through the trees stays within its tree, and every set within `sets`. */
function checkWhole(features: FeatureBins[], { roots, nodes }: Trees): void {
  const { feature, split, right, value, sets } = nodes;
  for (let tree = 0; tree + 1 < roots.length; tree++) {
    let at = roots[tree]!;
    /** Where each open subtree ends, from the outermost to the innermost. */
    const ends = [roots[tree + 1]!];
    while (ends.length > 0) {
      const end = ends.pop()!;
      assert.ok(at < end);
      if (feature[at] === LEAF) {
        assert.ok(Number.isFinite(value[at]!));
        assert.equal(at + 1, end, "a leaf is all of its subtree");
        at++;
        continue;
      }
      const bins = features[feature[at]!]!;
      if (bins.kind === "number") assert.ok(split[at]! % MISSING_LEFT < missingBin(bins));
      else assert.ok(split[at]! + (missingBin(bins) >>> 3) < sets.length);
      assert.ok(right[at]! > at + 1 && right[at]! < end);
      ends.push(end, right[at]!);
      at++;
    }
    assert.equal(at, roots[tree + 1]);
  }
}

Deno.test("expandTrees() refuses parts of random lengths and bytes, or makes whole trees of them", () => {
  const { features } = literal;
  const bytes = (values: number[], maxLength: number) =>
    fc.array(fc.constantFrom(...values), { maxLength }).map((bytes) => Uint8Array.from(bytes));
  const parts = fc.record({
    feature: bytes([0, 1, LEAF, LEAF, LEAF], 9),
    more: fc.constantFrom(0, 0, 0, 1),
    wrong: fc.option(fc.constantFrom("threshold", "missingLeft", "sets", "value", "cover"), {
      freq: 1,
    }),
    by: fc.constantFrom(-1, 1),
    threshold: fc.constantFrom(0, 2, 2, 2, 3),
    missingLeft: fc.constantFrom(0, 1, 1, 1, 2),
  });
  let refused = 0, whole = 0;
  const run = fc.property(parts, ({ feature, more, wrong, by, threshold, missingLeft }) => {
    const count = (index: number) => feature.filter((value) => value === index).length;
    const trees = Math.max(1, count(LEAF) - count(0) - count(1) + more);
    const length = (part: string, right: number) => Math.max(0, right + (part === wrong ? by : 0));
    const compact: CompactTrees = {
      feature,
      value: new Int32Array(length("value", count(LEAF))),
      cover: new Uint32Array(length("cover", count(LEAF))).fill(7),
      splits: [{
        threshold: new Uint8Array(length("threshold", count(0))).fill(threshold),
        missingLeft: new Uint8Array(length("missingLeft", count(0))).fill(missingLeft),
        sets: none,
      }, {
        threshold: none,
        missingLeft: none,
        sets: new Uint8Array(length("sets", 2 * count(1))).fill(255),
      }],
    };
    let expanded: Trees;
    try {
      expanded = expandTrees(compact, features, trees, 1);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
      refused++;
      return;
    }
    whole++;
    checkWhole(features, expanded);
    assert.equal(expanded.roots.length, trees + 1);
    assert.deepEqual(compactTrees({ features, leafStep: 1, nodes: expanded.nodes }), compact);
  });
  fc.assert(run, { numRuns: 3000 });
  assert.ok(refused > 500 && whole > 200, `${refused} refused, ${whole} whole`);
});

Deno.test("expandTrees() says which parts do not fit", () => {
  const [number, category] = [literalParts.splits[0]!, literalParts.splits[1]!];
  const refuses = (change: Partial<CompactTrees>, message: RegExp, trees = 2) =>
    assert.throws(
      () => expandTrees({ ...literalParts, ...change }, literal.features, trees, 0.25),
      { name: "RangeError", message },
    );
  refuses({}, /Expected 3 whole trees/, 3);
  refuses({}, /Expected 9007199254740991 whole trees/, Number.MAX_SAFE_INTEGER);
  refuses({ value: Int32Array.of(2, -4, 12) }, /Expected 6 splits and leaves, but found 5/);
  for (const cover of [Uint32Array.of(30, 1, 69), Uint32Array.of(30, 1, 0, 100)]) {
    refuses({ cover }, /a cover of at least 1 for each leaf/);
  }
  const order = (...feature: number[]) => ({ feature: Uint8Array.from(feature) });
  refuses(order(LEAF, 0, LEAF, LEAF, 1, LEAF), /Expected 2 whole trees/);
  refuses(order(LEAF, LEAF, LEAF, LEAF, 0, 1), /Expected 2 whole trees/);
  refuses(order(1, LEAF, 2, LEAF, LEAF, LEAF), /some are left over/);
  refuses(order(1, LEAF, 1, LEAF, LEAF, LEAF), /some are left over/);
  const splits = (...splits: CompactTrees["splits"]) => ({ splits });
  const bytes = (...values: number[]) => Uint8Array.from(values);
  refuses(splits({ ...number, threshold: bytes(3) }, category), /thresholds below 3/);
  refuses(splits({ ...number, missingLeft: bytes(2) }, category), /missing_left of 0 or 1/);
  refuses(splits({ ...number, missingLeft: none }, category), /1 thresholds, 0 missing_left/);
  refuses(splits({ ...number, sets: bytes(1) }, category), /of splits on a number/);
  refuses(splits(number, { ...category, sets: bytes(1) }), /of splits on a category/);
  refuses(splits(number, { ...category, threshold: bytes(1) }), /of splits on a category/);
});

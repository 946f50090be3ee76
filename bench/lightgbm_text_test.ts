import assert from "node:assert/strict";
import { joinTrees } from "../lib/trees/ensemble.ts";
import { type Ensemble, LEAF, MISSING_LEFT } from "../lib/trees/mod.ts";
import { lightgbmText } from "./lightgbm_text.ts";

/** Bits of a set of categories as the ensemble holds it. */
const set = (...bins: number[]) => bins.reduce((word, bin) => word | 1 << bin, 0) >>> 0;

/** Feature 0 is a number with bins up to 1.5, up to 2.5 and above; feature 1 the categories 1, 2, 40. */
const features: Ensemble["features"] = [
  { kind: "number", edges: Float64Array.of(1.5, 2.5) },
  { kind: "category", categories: Float64Array.of(1, 2, 40) },
];

const ensemble: Ensemble = {
  combine: "sum",
  base: 100,
  leafStep: 0.25,
  features,
  ...joinTrees([
    // x0 <= 2.5 or missing? then (category 1 or 40? 1 : 2) else 3
    {
      feature: Uint8Array.of(0, 1, LEAF, LEAF, LEAF),
      split: Uint32Array.of(1 + MISSING_LEFT, 0, 0, 0, 0),
      right: Uint32Array.of(4, 3, 0, 0, 0),
      value: Float32Array.of(0, 0, 1, 2, 3),
      cover: Uint32Array.of(0, 0, 1, 1, 1),
      sets: Uint8Array.of(set(0, 2), 0, 0, 0, 0, 0, 0, 0),
    },
    // category 2 or none of the three? 4 else 5
    {
      feature: Uint8Array.of(1, LEAF, LEAF),
      split: Uint32Array.of(0, 0, 0),
      right: Uint32Array.of(2, 0, 0),
      value: Float32Array.of(0, 4, 5),
      cover: Uint32Array.of(0, 1, 1),
      sets: Uint8Array.of(set(1, 3), 0, 0, 0, 0, 0, 0, 0),
    },
    {
      feature: Uint8Array.of(LEAF),
      split: Uint32Array.of(0),
      right: Uint32Array.of(0),
      value: Float32Array.of(6),
      cover: Uint32Array.of(1),
      sets: new Uint8Array(0),
    },
  ], features),
};

Deno.test("lightgbmText() writes splits, sets and leaves as LightGBM counts them", () => {
  const expected = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=regression
feature_names=f0 f1
feature_infos=none none

Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
threshold=2.5 0
decision_type=10 1
left_child=1 -1
right_child=-3 -2
leaf_value=101 102 103
cat_boundaries=0 2
cat_threshold=2 256
is_linear=0
shrinkage=1

Tree=1
num_leaves=2
num_cat=1
split_feature=1
threshold=0
decision_type=1
left_child=-2
right_child=-1
leaf_value=4 5
cat_boundaries=0 2
cat_threshold=2 256
is_linear=0
shrinkage=1

Tree=2
num_leaves=1
num_cat=0
split_feature=
threshold=
decision_type=
left_child=
right_child=
leaf_value=6
is_linear=0
shrinkage=1

end of trees
`;
  assert.equal(lightgbmText(ensemble), expected);
});

Deno.test("lightgbmText() lets a mean's first tree carry the base once for every tree", () => {
  const lines = lightgbmText({ ...ensemble, combine: "mean" }).split("\n");
  assert.ok(lines.includes("average_output"));
  assert.ok(lines.includes("leaf_value=301 302 303"));
  assert.ok(lines.includes("leaf_value=6"));
});

Deno.test("lightgbmText() sends every number left where a split has only missing ones right", () => {
  const [number, category] = ensemble.features;
  const nodes = { ...ensemble.nodes, split: ensemble.nodes.split.with(0, 2) };
  const text = lightgbmText({ ...ensemble, features: [number!, category!], nodes });
  assert.match(text, /threshold=1\.7976931348623157e\+308 0\ndecision_type=8 1\n/);
});

Deno.test("lightgbmText() refuses a category that is not a whole number from 0 on", () => {
  for (const code of [-1, 0.5, Infinity]) {
    const categories = Float64Array.of(code, 2, 40).sort();
    const features = [ensemble.features[0]!, { kind: "category" as const, categories }];
    assert.throws(() => lightgbmText({ ...ensemble, features }), RangeError, `${code}`);
  }
});

import { type Ensemble, LEAF, MISSING_LEFT } from "../lib/trees/mod.ts";

/** Bits of LightGBM's `decision_type`. */
const CATEGORY = 1, DEFAULT_LEFT = 2, MISSING_IS_NAN = 2 << 2;

/**
 * An ensemble in LightGBM's text format, version 4: LightGBM then predicts with the very same trees.
 * Leaves become float64 and take in the base, so that predictions differ in the last bits only.
 *
 * In LightGBM unknown and missing categories always go right. Where a split of ours sends them left,
 * its sides change places and its set becomes the other known categories.
 *
 * @throws {RangeError} for a category that is not a whole number from 0 on, which the format cannot
 *   name.
 * @see {@link https://lightgbm.readthedocs.io/en/latest/pythonapi/lightgbm.Booster.html#lightgbm.Booster.model_to_string}
 */
export function lightgbmText(ensemble: Ensemble): string {
  const width = ensemble.features.length;
  const names = Array.from({ length: width }, (_, index) => `f${index}`);
  const lines = [
    "tree",
    "version=v4",
    "num_class=1",
    "num_tree_per_iteration=1",
    "label_index=0",
    `max_feature_idx=${width - 1}`,
    "objective=regression",
    ...(ensemble.combine === "mean" ? ["average_output"] : []),
    `feature_names=${names.join(" ")}`,
    `feature_infos=${names.map(() => "none").join(" ")}`,
    "",
  ];
  const trees = ensemble.roots.length - 1;
  for (let tree = 0; tree < trees; tree++) lines.push(...treeLines(ensemble, tree), "");
  lines.push("end of trees", "");
  return lines.join("\n");
}

/** What LightGBM counts apart: splits, and leaves as `-1 - number`. */
interface TreeArrays {
  split_feature: number[];
  threshold: number[];
  decision_type: number[];
  left_child: number[];
  right_child: number[];
  leaf_value: number[];
  cat_boundaries: number[];
  cat_threshold: number[];
}

function treeLines(ensemble: Ensemble, tree: number): string[] {
  const arrays = treeArrays(ensemble, tree);
  const { leaf_value, cat_boundaries } = arrays;
  const sets = cat_boundaries.length - 1;
  const used = Object.entries(arrays).filter(([name]) => sets > 0 || !name.startsWith("cat_"));
  return [
    `Tree=${tree}`,
    `num_leaves=${leaf_value.length}`,
    `num_cat=${sets}`,
    ...used.map(([name, values]) => `${name}=${values.join(" ")}`),
    "is_linear=0",
    "shrinkage=1",
  ];
}

function treeArrays(ensemble: Ensemble, tree: number): TreeArrays {
  const { nodes, roots, features } = ensemble;
  const [root, end] = [roots[tree]!, roots[tree + 1]!];
  const base = tree > 0 ? 0 : ensemble.base * (ensemble.combine === "mean" ? roots.length - 1 : 1);
  // A split's number is that of splits before it, a leaf's that of leaves.
  const numbers = new Int32Array(end - root);
  let splits = 0, leaves = 0;
  for (let node = root; node < end; node++) {
    numbers[node - root] = nodes.feature[node] === LEAF ? -1 - leaves++ : splits++;
  }
  const arrays: TreeArrays = {
    split_feature: [],
    threshold: [],
    decision_type: [],
    left_child: [],
    right_child: [],
    leaf_value: [],
    cat_boundaries: [0],
    cat_threshold: [],
  };
  for (let node = root; node < end; node++) {
    const index = nodes.feature[node]!;
    if (index === LEAF) {
      arrays.leaf_value.push(nodes.value[node]! + base);
      continue;
    }
    const feature = features[index]!;
    const split = nodes.split[node]!;
    let [left, right] = [numbers[node - root + 1]!, numbers[nodes.right[node]! - root]!];
    if (feature.kind === "number") {
      // The last bin has no edge: all that is not missing goes left.
      arrays.threshold.push(feature.edges[split & 255] ?? Number.MAX_VALUE);
      arrays.decision_type.push(MISSING_IS_NAN + (split >= MISSING_LEFT ? DEFAULT_LEFT : 0));
    } else {
      const { categories } = feature;
      const has = (bin: number) => (nodes.sets[split + (bin >>> 3)]! >>> (bin & 7) & 1) === 1;
      const unknownLeft = has(categories.length);
      if (unknownLeft) [left, right] = [right, left];
      arrays.threshold.push(arrays.cat_boundaries.length - 1);
      arrays.decision_type.push(CATEGORY);
      arrays.cat_threshold.push(...bitset(categories.filter((_, i) => has(i) !== unknownLeft)));
      arrays.cat_boundaries.push(arrays.cat_threshold.length);
    }
    arrays.split_feature.push(index);
    arrays.left_child.push(left);
    arrays.right_child.push(right);
  }
  return arrays;
}

/** 32-bit words with the bits of `categories` set; one word at least. */
function bitset(categories: Float64Array): Uint32Array {
  const words = new Uint32Array((Math.max(0, ...categories) >>> 5) + 1);
  for (const category of categories) {
    if (!Number.isInteger(category) || category < 0 || category > 2 ** 31 - 1) {
      throw new RangeError(`Expected categories to be whole numbers from 0 on: ${category}`);
    }
    words[category >>> 5] = words[category >>> 5]! | 1 << (category & 31);
  }
  return words;
}

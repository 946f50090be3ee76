import { type Ensemble, LEAF, type Nodes } from "./ensemble.ts";

/** What explanations need of the paths through trees, whatever the record. */
export interface ShapPaths {
  /**
   * Of each split: the last node on the way to it, itself among them, whose parent splits on the same
   * feature, or -1.
   */
  above: Int32Array;
  /**
   * Of each node but roots: of the rows that its parent's feature could send elsewhere, the share
   * that it does not. That is the product of the shares of rows that pass each split on this feature
   * on the way here.
   */
  share: Float64Array;
  /** Of each node: what it forecasts on average over the training rows that reached it. */
  mean: Float64Array;
  /** Of each node: the {@linkcode featureBit}s of the splits from it on. */
  below: Int32Array;
  /** Of each tree: the most features that a path looks at. */
  widths: Uint8Array;
  /** What the trees forecast on average over the rows that they learned from. */
  expected: number;
}

/** A feature in a set of 32 bits; all from the 32nd on share the sign's, {@linkcode MANY}. */
export function featureBit(feature: number): number {
  return 1 << Math.min(feature, 31);
}

/** The bit that does not stand for one feature alone. */
export const MANY = 1 << 31;

const known = new WeakMap<Nodes, ShapPaths>();

/** The paths of an ensemble, found the first time that they are asked for. */
export function shapPaths(ensemble: Ensemble): ShapPaths {
  const paths = known.get(ensemble.nodes) ?? findPaths(ensemble);
  known.set(ensemble.nodes, paths);
  return paths;
}

function findPaths({ nodes, roots, base, combine }: Ensemble): ShapPaths {
  const { feature, right } = nodes;
  const { cover, mean, below } = sumUp(nodes);
  const trees = roots.length - 1;
  const above = new Int32Array(feature.length).fill(-1);
  const share = new Float64Array(feature.length).fill(1);
  const widths = new Uint8Array(trees);
  const parents = new Int32Array(feature.length).fill(-1);
  /** How many features the path to a node looks at. */
  const seen = new Uint8Array(feature.length);
  let sum = 0;
  for (let tree = 0; tree < trees; tree++) {
    const root = roots[tree]!;
    sum += mean[root]!;
    for (let node = root; node < roots[tree + 1]!; node++) {
      const index = feature[node]!;
      if (index === LEAF) {
        widths[tree] = Math.max(widths[tree]!, seen[node]!);
        continue;
      }
      let last = node;
      while (last >= 0 && feature[parents[last]!] !== index) last = parents[last]!;
      above[node] = last;
      const before = last < 0 ? 1 : share[last]!;
      for (const child of [node + 1, right[node]!]) {
        parents[child] = node;
        share[child] = before * cover[child]! / cover[node]!;
        seen[child] = seen[node]! + (last < 0 ? 1 : 0);
      }
    }
  }
  return {
    above,
    share,
    mean,
    below,
    widths,
    expected: base + (combine === "mean" ? sum / trees : sum),
  };
}

/** Of each node: how many training rows reached it, their mean forecast, and the features below. */
function sumUp({ feature, right, value, cover: ofLeaves }: Nodes) {
  const cover = Float64Array.from(ofLeaves), mean = Float64Array.from(value);
  const below = new Int32Array(feature.length);
  for (let node = feature.length - 1; node >= 0; node--) {
    const index = feature[node]!;
    if (index === LEAF) continue;
    const left = node + 1, other = right[node]!;
    cover[node] = cover[left]! + cover[other]!;
    mean[node] = (mean[left]! * cover[left]! + mean[other]! * cover[other]!) / cover[node]!;
    below[node] = below[left]! | below[other]! | featureBit(index);
  }
  return { cover, mean, below };
}

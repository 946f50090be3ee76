import type { FeatureBins } from "../binning.ts";
import { type Ensemble, joinTrees, LEAF, MISSING_LEFT, type Nodes } from "../ensemble.ts";
import type { Random } from "../random.ts";

/** What {@linkcode randomEnsemble} makes. */
export interface RandomShape {
  /** Numbers of the features that splits may look at. */
  used: number[];
  trees: number;
  depth: number;
  /** Most rows of a leaf. */
  cover: number;
}

/** An ensemble that no training made: any splits, repeated on a path, in vain, or on one bin alone. */
export function randomEnsemble(
  random: Random,
  { used, trees, depth, cover }: RandomShape,
): Ensemble {
  const features = Array.from({ length: Math.max(...used) + 1 }, (): FeatureBins => {
    const values = Float64Array.from({ length: 1 + random.integer(9) }, (_, i) => i);
    return random.integer(3) === 0
      ? { kind: "category", categories: values }
      : { kind: "number", edges: values };
  });
  const grown = Array.from({ length: trees }, (): Nodes => {
    const feature: number[] = [], split: number[] = [], right: number[] = [];
    const value: number[] = [], covers: number[] = [], sets: number[] = [];
    const grow = (level: number): void => {
      const node = feature.length;
      const isLeaf = level === depth || random.integer(6) === 0;
      const index = isLeaf ? LEAF : used[random.integer(used.length)]!;
      feature.push(index);
      value.push(isLeaf ? (random.integer(2001) - 1000) / 4 : 0);
      covers.push(isLeaf ? 1 + random.integer(cover) : 0);
      right.push(0);
      if (isLeaf) return void split.push(0);
      const bins = features[index]!;
      if (bins.kind === "number") {
        // The last bin has no edge: then all numbers go left.
        split.push(random.integer(bins.edges.length + 1) + random.integer(2) * MISSING_LEFT);
      } else {
        split.push(sets.length);
        sets.push(random.integer(256), random.integer(256));
      }
      grow(level + 1);
      right[node] = feature.length;
      grow(level + 1);
    };
    grow(0);
    return {
      feature: Uint8Array.from(feature),
      split: Uint32Array.from(split),
      right: Uint32Array.from(right),
      value: Float32Array.from(value),
      cover: Uint32Array.from(covers),
      sets: Uint8Array.from(sets),
    };
  });
  return {
    combine: random.integer(2) === 0 ? "sum" : "mean",
    base: random.integer(100) - 50,
    leafStep: 0.25,
    features,
    ...joinTrees(grown, features),
  };
}

/** Columns for an ensemble by {@linkcode randomEnsemble}: known and unknown values, and gaps. */
export function randomColumns(
  random: Random,
  { features }: Ensemble,
  rows: number,
): Float64Array[] {
  return features.map(() =>
    Float64Array.from(
      { length: rows },
      () => random.integer(6) === 0 ? NaN : random.integer(11) - 0.5 * random.integer(2),
    )
  );
}

import { type Ensemble, LEAF, MISSING_LEFT } from "../ensemble.ts";

/** A tree as objects, told from an ensemble's arrays without the library's own reader. */
export type PlainNode =
  | { value: number; cover: number }
  | {
    feature: number;
    goesLeft: (value: number) => boolean;
    left: PlainNode;
    right: PlainNode;
  };

/** Tree number `tree` of an ensemble as objects. */
export function plainTree(ensemble: Ensemble, tree: number): PlainNode {
  const { features, nodes, roots } = ensemble;
  const read = (node: number): PlainNode => {
    const feature = nodes.feature[node]!;
    if (feature === LEAF) return { value: nodes.value[node]!, cover: nodes.cover[node]! };
    const split = nodes.split[node]!;
    const bins = features[feature]!;
    const goesLeft = bins.kind === "number"
      ? (value: number) =>
        Number.isNaN(value)
          ? split >= MISSING_LEFT
          : value <= (bins.edges[split % MISSING_LEFT] ?? Infinity)
      : (value: number) => {
        const place = bins.categories.indexOf(value);
        const bin = place < 0 ? bins.categories.length : place;
        const byte = nodes.sets[split + Math.floor(bin / 8)]!;
        return Math.floor(byte / 2 ** (bin % 8)) % 2 === 1;
      };
    return { feature, goesLeft, left: read(node + 1), right: read(nodes.right[node]!) };
  };
  return read(roots[tree]!);
}

/** All trees of an ensemble as objects. */
export function plainTrees(ensemble: Ensemble): PlainNode[] {
  return Array.from({ length: ensemble.roots.length - 1 }, (_, tree) => plainTree(ensemble, tree));
}

/** Value of the leaf that a record falls into. */
export function leafValue(node: PlainNode, record: number[]): number {
  if ("value" in node) return node.value;
  return leafValue(node.goesLeft(record[node.feature]!) ? node.left : node.right, record);
}

/** What an ensemble predicts for a record, one tree after the other. */
export function predictPlainly(ensemble: Ensemble, record: number[]): number {
  const trees = plainTrees(ensemble);
  const sum = trees.reduce((sum, tree) => sum + leafValue(tree, record), 0);
  return ensemble.base + (ensemble.combine === "mean" ? sum / trees.length : sum);
}

import { missingBin } from "../../trees/binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT } from "../../trees/ensemble.ts";
import type { Graph } from "./graph.ts";

/** `nodes_modes` of TreeEnsemble. */
const BRANCH_LEQ = 0, BRANCH_MEMBER = 6;

const SUM = 1;

/**
 * Adds an ensemble to a graph.
 *
 * Leaves are whole multiples of one step, so sums of them are exact in any order, and the result is
 * that of `predictEnsemble()`.
 *
 * @param columns The features, encoded, one double [N] each.
 * @returns What the ensemble predicts.
 *
 * @see {@link https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html | TreeEnsemble}
 */
export function addEnsemble(graph: Graph, ensemble: Ensemble, columns: string[]): string {
  const { combine, base, roots } = ensemble;
  const matrix = graph.op("Concat", columns.map((column) => graph.unsqueeze(column)), { axis: 1 });
  const sums = graph.op("Squeeze", [
    graph.mlOp("TreeEnsemble", [matrix], treeAttributes(ensemble)),
    graph.constant(BigInt64Array.of(1n)),
  ]);
  const combined = combine === "mean"
    ? graph.op("Div", [sums, graph.double(roots.length - 1)])
    : sums;
  return graph.op("Add", [graph.double(base), combined]);
}

function treeAttributes(ensemble: Ensemble) {
  const { features, nodes, roots } = ensemble;
  const featureIds: number[] = [], modes: number[] = [], splits: number[] = [];
  const missingTrue: number[] = [], members: number[] = [], weights: number[] = [];
  const targets: { trueNode: Target; falseNode: Target }[] = [];
  /** Of each node of ours: its number among ONNX's splits, or among its leaves. */
  const numbers = new Uint32Array(nodes.feature.length);
  let splitCount = 0;
  for (const [node, feature] of nodes.feature.entries()) {
    if (feature !== LEAF) numbers[node] = splitCount++;
    else {
      numbers[node] = weights.length;
      weights.push(nodes.value[node]!);
    }
  }
  const target = (node: number): Target => ({
    id: numbers[node]!,
    isLeaf: nodes.feature[node] === LEAF,
  });
  for (const [node, index] of nodes.feature.entries()) {
    if (index === LEAF) continue;
    const feature = features[index]!;
    const left = target(node + 1), right = target(nodes.right[node]!);
    featureIds.push(index);
    if (feature.kind === "number") {
      const split = nodes.split[node]!;
      modes.push(BRANCH_LEQ);
      // The last bin has no edge: all numbers go left.
      splits.push(feature.edges[split & 255] ?? Infinity);
      missingTrue.push(split >= MISSING_LEFT ? 1 : 0);
      targets.push({ trueNode: left, falseNode: right });
      continue;
    }
    const goesLeft = (bin: number) =>
      (nodes.sets[nodes.split[node]! + (bin >>> 3)]! >>> (bin & 7) & 1) === 1;
    // What belongs to no set (missing and unknown categories) is on the side of the missing bin.
    const missingLeft = goesLeft(missingBin(feature));
    const listed = [...feature.categories].filter((_, bin) => goesLeft(bin) !== missingLeft);
    modes.push(BRANCH_MEMBER);
    splits.push(0);
    missingTrue.push(0);
    // NaN ends a set.
    members.push(...listed, NaN);
    targets.push(
      missingLeft ? { trueNode: right, falseNode: left } : { trueNode: left, falseNode: right },
    );
  }
  const firsts = [...roots].slice(0, -1).map((root) => {
    if (nodes.feature[root] !== LEAF) return numbers[root]!;
    // ONNX knows no tree of a leaf alone: a split whose sides are both that leaf.
    featureIds.push(0);
    modes.push(BRANCH_LEQ);
    splits.push(0);
    missingTrue.push(0);
    return targets.push({ trueNode: target(root), falseNode: target(root) }) - 1;
  });
  const tensor = (data: Float64Array | Uint8Array) => ({ name: "", dims: [data.length], data });
  return {
    aggregate_function: SUM,
    leaf_targetids: weights.map(() => 0),
    leaf_weights: tensor(Float64Array.from(weights)),
    ...members.length > 0 && { membership_values: tensor(Float64Array.from(members)) },
    n_targets: 1,
    nodes_falseleafs: targets.map(({ falseNode }) => Number(falseNode.isLeaf)),
    nodes_falsenodeids: targets.map(({ falseNode }) => falseNode.id),
    nodes_featureids: featureIds,
    nodes_missing_value_tracks_true: missingTrue,
    nodes_modes: tensor(Uint8Array.from(modes)),
    nodes_splits: tensor(Float64Array.from(splits)),
    nodes_trueleafs: targets.map(({ trueNode }) => Number(trueNode.isLeaf)),
    nodes_truenodeids: targets.map(({ trueNode }) => trueNode.id),
    tree_roots: firsts,
  };
}

/** A child: the number of a split, or of a leaf. */
interface Target {
  id: number;
  isLeaf: boolean;
}

import { fillBins, missingBin } from "./binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT } from "./ensemble.ts";
import { gaussLegendre, type Quadrature } from "./gauss_legendre.ts";
import { countRows } from "./predict.ts";
import { featureBit, MANY, shapPaths } from "./shap_paths.ts";

/** Forecasts taken apart by features: a row's contributions and `expected` sum to its forecast. */
export interface TreeShap {
  /** What the trees forecast on average over the rows that they learned from. */
  expected: number;
  /** Of each feature in the ensemble's order: what it adds to the forecast, one number a row. */
  contributions: Float64Array[];
}

/**
 * Exact Shapley values of an ensemble's forecasts: how far each feature's value moves a forecast from
 * the expected one. Where a feature counts as unknown, a split on it sends a row to both sides, in the
 * shares in which it sent training rows ("tree_path_dependent", Lundberg et al. 2020).
 *
 * @param columns One array a feature, in the ensemble's order; NaN is missing.
 * @returns Contributions in the targets' unit. A row's do not depend on the other rows.
 * @throws {RangeError} where there are not as many columns as features, all of one length.
 *
 * @see {@link https://doi.org/10.1038/s42256-019-0138-9}
 *
 * @example
 * ```ts
 * import { fit, treeShap } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const idle = x.map((v) => v % 7);
 * const kinds = ["number" as const, "number" as const];
 * const data = { kinds, columns: [x, idle], targets: x.map((v) => v > 49 ? 1 : 0) };
 * const { ensemble } = fit(data, { algorithm: "gradient_boosting", parameters: {} });
 * const { expected, contributions } = treeShap(ensemble, [Float64Array.of(99), Float64Array.of(1)]);
 * console.log(expected, contributions); // about 0.5, and 0.5 by x alone
 * ```
 */
export function treeShap(ensemble: Ensemble, columns: Float64Array[]): TreeShap {
  const { features, roots, combine } = ensemble;
  const rows = countRows(ensemble, columns);
  const { expected, widths } = shapPaths(ensemble);
  const bins = new Uint8Array(rows * features.length);
  for (const [i, feature] of features.entries()) {
    fillBins(feature, columns[i]!, bins, i, features.length);
  }
  const sums = new Float64Array(rows * features.length);
  const explainTree = createTreeExplainer(ensemble);
  const quadratures = new Map<number, Quadrature>();
  const trees = roots.length - 1;
  for (let tree = 0; tree < trees; tree++) {
    // A polynomial of a degree below the number of features on a path.
    const count = Math.ceil(widths[tree]! / 2);
    if (count === 0) continue;
    const quadrature = quadratures.get(count) ?? gaussLegendre(count);
    quadratures.set(count, quadrature);
    for (let row = 0; row < rows; row++) {
      const first = row * features.length, end = first + features.length;
      explainTree(tree, quadrature, bins.subarray(first, end), sums.subarray(first, end));
    }
  }
  const divisor = combine === "mean" ? trees : 1;
  const contributions = features.map((_, feature) =>
    Float64Array.from(
      { length: rows },
      (_, row) => sums[row * features.length + feature]! / divisor,
    )
  );
  return { expected, contributions };
}

/** Adds a row's contributions by one tree to sums, one a feature. */
type TreeExplainer = (
  tree: number,
  quadrature: Quadrature,
  bins: Uint8Array,
  sums: Float64Array,
) => void;

/**
 * Makes a function that explains rows by a tree in one walk down and one up, its time by the number of
 * nodes times half the number of features on a path.
 *
 * A leaf of value `v` whose path looks at some features gives feature `i` of them
 *
 * ```text
 * v * integral from t = 0 to 1 of (o_i - s_i) * product over the others j of (o_j t + s_j (1 - t))
 * ```
 *
 * where `s_j` is the share of rows that feature `j` does not send elsewhere, and `o_j` is 1 where it
 * does not send this row elsewhere, else 0: the sum over all sets of known features, each with its
 * Shapley weight, which is an integral of `t ** known * (1 - t) ** unknown`. A few points of `t` give
 * it exactly. The products over all features are handed down the tree, each factor in turn replaced
 * by that of a later split on the same feature; their sums over leaves are handed up, where those
 * below a split have the factor of its feature in common. Nothing is subtracted but the last factors,
 * so that no digits are lost however long paths are (after Yu et al. 2022, "Linear TreeSHAP").
 */
function createTreeExplainer(ensemble: Ensemble): TreeExplainer {
  const { features, nodes, roots } = ensemble;
  const { feature, split, right, sets } = nodes;
  const { above, share, mean, below } = shapPaths(ensemble);
  const isCategory = Uint8Array.from(features, ({ kind }) => kind === "category" ? 1 : 0);
  const missing = Uint8Array.from(features, missingBin);
  const sizes = roots.subarray(1).map((end, tree) => end - roots[tree]!);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  /** Of each node of the tree: 1 where its parent's feature does not send the row elsewhere. */
  const isOpen = new Uint8Array(largest);
  /** Of each node, of roots always 0: the features that have sent the row elsewhere, as {@linkcode featureBit}s. */
  const shutAt = new Int32Array(largest);
  /** Nodes still to come, and splits in the order in which they came. */
  const waiting = new Uint32Array(largest), visited = new Uint32Array(largest);
  /** Of each node and point: the product on the way down, the sum over leaves on the way up. */
  let products = new Float64Array(0);
  const shutInverses = new Float64Array(LEAF);
  /** Of each open node and point: 1 over its factor. */
  let inverses = new Float64Array(0);

  const goesLeft = (node: number, bins: Uint8Array): boolean => {
    const index = feature[node]!, at = split[node]!;
    const bin = bins[index]!;
    if (isCategory[index]) return (sets[at + (bin >>> 3)]! >>> (bin & 7) & 1) === 1;
    return bin === missing[index] ? at >= MISSING_LEFT : bin <= (at & 255);
  };

  return (tree, { points, rests, weights }, bins, sums) => {
    const root = roots[tree]!;
    const count = points.length;
    if (products.length < largest * count) {
      products = new Float64Array(largest * count);
      inverses = new Float64Array(largest * count);
    }
    const p = products, inverse = inverses;
    p.set(weights);
    for (let k = 0; k < count; k++) shutInverses[k] = 1 / rests[k]!;
    let splits = 0, waits = 1;
    waiting[0] = root;
    while (waits > 0) {
      const node = waiting[--waits]!, at = (node - root) * count;
      const shutHere = shutAt[node - root]!;
      if ((below[node]! & ~shutHere) === 0) {
        // A leaf, or the row goes to all leaves below in the shares in which training rows did.
        const forecast = mean[node]!;
        for (let k = at; k < at + count; k++) p[k] = p[k]! * forecast;
        continue;
      }
      const left = node + 1, other = right[node]!, last = above[node]!;
      visited[splits++] = node;
      waiting[waits++] = other;
      waiting[waits++] = left;
      shutAt[left - root] = shutAt[other - root] = shutHere;
      if (last >= 0 && isOpen[last - root] === 0) {
        const before = share[last]!;
        const leftRatio = share[left]! / before, otherRatio = share[other]! / before;
        isOpen[left - root] = isOpen[other - root] = 0;
        const toOther = (other - root) * count - at;
        for (let k = at; k < at + count; k++) {
          const product = p[k]!;
          p[k + count] = product * leftRatio;
          p[k + toOther] = product * otherRatio;
        }
        continue;
      }
      const isLeft = goesLeft(node, bins);
      const open = isLeft ? left : other, shut = isLeft ? other : left;
      isOpen[open - root] = 1;
      isOpen[shut - root] = 0;
      shutAt[shut - root] = shutHere | (featureBit(feature[node]!) & ~MANY);
      const toOpen = (open - root) * count, toShut = (shut - root) * count;
      const openShare = share[open]!, shutShare = share[shut]!;
      if (last >= 0) {
        const toLast = (last - root) * count - at;
        for (let k = at; k < at + count; k++) p[k] = p[k]! * inverse[k + toLast]!;
      }
      for (let k = 0; k < count; k++) {
        const rest = rests[k]!, product = p[at + k]!;
        const factor = points[k]! + openShare * rest;
        inverse[toOpen + k] = 1 / factor;
        p[toOpen + k] = product * factor;
        p[toShut + k] = product * shutShare * rest;
      }
    }
    while (splits > 0) {
      const node = visited[--splits]!, at = (node - root) * count;
      const left = node + 1, other = right[node]!, last = above[node]!;
      if (last >= 0 && isOpen[last - root] === 0) {
        const toOther = (other - root) * count - at;
        for (let k = at; k < at + count; k++) p[k] = p[k + count]! + p[k + toOther]!;
        continue;
      }
      const isLeft = isOpen[left - root] === 1;
      const open = isLeft ? left : other, shut = isLeft ? other : left;
      const fromOpen = (open - root) * count, fromShut = (shut - root) * count;
      let ofOpen = 0, ofShut = 0, ofLast = 0;
      for (let k = 0; k < count; k++) {
        const inOpen = p[fromOpen + k]!, inShut = p[fromShut + k]!;
        p[at + k] = inOpen + inShut;
        ofOpen += inOpen * inverse[fromOpen + k]!;
        ofShut += inShut * shutInverses[k]!;
      }
      if (last >= 0) {
        // What the split before on this feature will count of these leaves, they do not owe to it.
        const toLast = (last - root) * count - at;
        for (let k = at; k < at + count; k++) ofLast += p[k]! * inverse[k + toLast]!;
        ofLast *= 1 - share[last]!;
      }
      const index = feature[node]!;
      sums[index] = sums[index]! + (1 - share[open]!) * ofOpen - ofShut - ofLast;
    }
  };
}

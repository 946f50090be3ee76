import { binOf, type FeatureBins, fillBins, missingBin } from "./binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT, type Nodes } from "./ensemble.ts";
import { leafMasksOf } from "./leaf_masks.ts";
import { walkerOf } from "./walker.ts";

/**
 * The leaf that a row falls into.
 *
 * @param nodes One tree or several.
 * @param bins Bin of the row's feature `f`: `bins[base + f * stride]`.
 * @param node Where to begin: the tree's root, or a node below it.
 * @returns Index of the leaf in `nodes`.
 */
export function leafOf(
  nodes: Nodes,
  features: FeatureBins[],
  bins: Uint8Array,
  base: number,
  stride = 1,
  node = 0,
): number {
  for (;;) {
    const index = nodes.feature[node]!;
    if (index === LEAF) return node;
    const feature = features[index]!;
    const bin = bins[base + index * stride]!;
    const split = nodes.split[node]!;
    let left: boolean;
    if (feature.kind === "category") {
      left = (nodes.sets[split + (bin >>> 3)]! >>> (bin & 7) & 1) === 1;
    } else if (bin === missingBin(feature)) left = split >= MISSING_LEFT;
    else left = bin <= (split & 255);
    node = left ? node + 1 : nodes.right[node]!;
  }
}

/** Rows that go down the trees together, so that their bins stay in the processor's cache. */
const BLOCK = 256;

/** Fewer rows go down four trees at a time, since a tree takes four of them. */
const FULL = 4;

/**
 * Predictions for a table of any length; a row's answer does not depend on the other rows.
 *
 * @param columns One array a feature, in the ensemble's order; NaN is missing.
 * @param into Where the result goes, of as many rows.
 * @returns One number a row, in the targets' unit.
 * @throws {RangeError} where there are not as many columns as features, all of one length.
 *
 * @example
 * ```ts
 * import { fit, predictEnsemble } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v > 50 ? 1 : 0) };
 * const { ensemble } = fit(data, { algorithm: "gradient_boosting", parameters: {} });
 * console.log(predictEnsemble(ensemble, [Float64Array.of(3, 99)])); // about 0 and 1
 * ```
 */
export function predictEnsemble(
  ensemble: Ensemble,
  columns: Float64Array[],
  into?: Float64Array,
): Float64Array {
  const { roots, base, combine } = ensemble;
  const rows = countRows(ensemble, columns);
  const sums = into ?? new Float64Array(rows);
  if (rows === 1 && !asked.has(ensemble)) {
    asked.add(ensemble);
    sums[0] = sumPlainly(ensemble, columns);
  } else sumQuickly(ensemble, columns, sums);
  const divisor = combine === "mean" ? roots.length - 1 : 1;
  for (let row = 0; row < sums.length; row++) sums[row] = base + sums[row]! / divisor;
  return sums;
}

/**
 * Ensembles that were asked for a single row. The first one goes down their trees as they are: who
 * has started a program for it need not wait for what makes all others faster.
 */
const asked = new WeakSet<Ensemble>();

function sumPlainly({ features, nodes, roots }: Ensemble, columns: Float64Array[]): number {
  const bins = Uint8Array.from(features, (feature, i) => binOf(feature, columns[i]![0]!));
  let sum = 0;
  for (let tree = 0; tree < roots.length - 1; tree++) {
    sum += nodes.value[leafOf(nodes, features, bins, 0, 1, roots[tree])]!;
  }
  return sum;
}

function sumQuickly(ensemble: Ensemble, columns: Float64Array[], sums: Float64Array): void {
  const masks = leafMasksOf(ensemble);
  if (masks) {
    for (let row = 0; row < sums.length; row++) sums[row] = masks.sumTrees(columns, row);
  } else if (sums.length < FULL) sumRows(ensemble, columns, sums);
  else sumBlocks(ensemble, columns, sums.fill(0));
}

function sumRows(ensemble: Ensemble, columns: Float64Array[], sums: Float64Array): void {
  const { features } = ensemble;
  const { row: bins, sumTrees } = walkerOf(ensemble);
  for (let row = 0; row < sums.length; row++) {
    for (let i = 0; i < features.length; i++) bins[i] = binOf(features[i]!, columns[i]![row]!);
    sums[row] = sumTrees(bins, 0);
  }
}

function sumBlocks(ensemble: Ensemble, columns: Float64Array[], sums: Float64Array): void {
  const { roots } = ensemble;
  const { width, addTree } = walkerOf(ensemble);
  const bins = new Uint8Array(width * Math.min(sums.length, BLOCK));
  for (let start = 0; start < sums.length; start += BLOCK) {
    binRows(ensemble, columns, start, start + BLOCK, bins);
    const block = sums.subarray(start, start + BLOCK);
    for (let tree = 0; tree < roots.length - 1; tree++) addTree(tree, bins, block);
  }
}

/** Bins of the rows from `start` until before `end`, or as far as there are rows, row by row. */
export function binRows(
  { features }: Ensemble,
  columns: Float64Array[],
  start: number,
  end: number,
  bins: Uint8Array,
): void {
  for (const [i, feature] of features.entries()) {
    fillBins(feature, columns[i]!.subarray(start, end), bins, i, features.length + 1);
  }
}

/**
 * How many rows the columns have.
 *
 * @throws {RangeError} where there are not as many columns as features, all of one length.
 */
export function countRows({ features }: Ensemble, columns: Float64Array[]): number {
  const rows = columns[0]?.length ?? 0;
  if (columns.length !== features.length || columns.some(({ length }) => length !== rows)) {
    throw new RangeError(
      `Expected ${features.length} columns of one length, but found lengths ` +
        `${columns.map(({ length }) => length).join(", ")}`,
    );
  }
  return rows;
}

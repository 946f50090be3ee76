import { type FeatureBins, fillBins, missingBin } from "./binning.ts";
import { type Ensemble, LEAF, MISSING_LEFT, type Nodes } from "./ensemble.ts";

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

/** Rows predicted at a time, so that their bins stay in the processor's cache. */
export const BATCH = 16_384;

/** So few rows go down a tree one by one. */
const FEW = 8;

/**
 * Predictions for a table of any length; a row's answer does not depend on the other rows.
 *
 * @param columns One array a feature, in the ensemble's order; NaN is missing.
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
export function predictEnsemble(ensemble: Ensemble, columns: Float64Array[]): Float64Array {
  const { features, roots, base, combine } = ensemble;
  const rows = countRows(ensemble, columns);
  const result = new Float64Array(rows);
  const size = Math.min(rows, BATCH);
  const bins = new Uint8Array(size * features.length);
  const addTree = createAdder(ensemble, bins, size);
  const trees = roots.length - 1;
  const divisor = combine === "mean" ? trees : 1;
  for (let start = 0; start < rows; start += size) {
    const batch = size === rows ? result : result.subarray(start, start + size);
    for (const [i, feature] of features.entries()) {
      const column = columns[i]!;
      // For a single row, making the part would take longer than the rest.
      const part = size === rows ? column : column.subarray(start, start + size);
      fillBins(feature, part, bins, i * size);
    }
    for (let tree = 0; tree < trees; tree++) addTree(tree, batch);
    for (let row = 0; row < batch.length; row++) batch[row] = base + batch[row]! / divisor;
  }
  return result;
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

/** Adds a tree's leaves to sums, one a row of the batch. */
export type TreeAdder = (tree: number, sums: Float64Array) => void;

/**
 * Makes an adder for batches of at most `size` rows.
 *
 * @param bins Bin of feature `f` of row `r`: `bins[f * size + r]`.
 */
export function createAdder(ensemble: Ensemble, bins: Uint8Array, size: number): TreeAdder {
  return size > FEW
    ? createTreeAdder(ensemble, bins, size)
    : createSingleAdder(ensemble, bins, size);
}

/**
 * Makes an adder that sends rows down one by one: {@linkcode leafOf}, with what it asks of a feature
 * at hand in arrays, since a forecast of one row is little else.
 */
function createSingleAdder(ensemble: Ensemble, bins: Uint8Array, size: number): TreeAdder {
  const { nodes: { feature, split, right, value, sets }, roots } = ensemble;
  const { isCategory, missing } = kindsOf(ensemble);
  return (tree, sums) => {
    for (let row = 0; row < sums.length; row++) {
      let node = roots[tree]!;
      for (let index = feature[node]!; index !== LEAF; index = feature[node]!) {
        const bin = bins[row + index * size]!, at = split[node]!;
        let left: boolean;
        if (isCategory[index] === 1) left = (sets[at + (bin >>> 3)]! >>> (bin & 7) & 1) === 1;
        else left = bin <= (at & 255) || at >= MISSING_LEFT && bin === missing[index];
        node = left ? node + 1 : right[node]!;
      }
      sums[row] = sums[row]! + value[node]!;
    }
  };
}

/**
 * Makes an adder for many rows.
 *
 * All rows go down the tree together: each split sorts its rows to the left and the right by
 * arithmetic, without a branch that the processor would guess wrong every other time, and reads one
 * feature's bins.
 *
 * @param bins Bin of feature `f` of row `r`: `bins[f * size + r]`.
 */
function createTreeAdder(
  ensemble: Ensemble,
  bins: Uint8Array,
  size: number,
): TreeAdder {
  const { features, nodes, roots } = ensemble;
  const { feature, split, right, value, sets } = nodes;
  const { isCategory, missing } = kindsOf(ensemble);
  const order = new Uint16Array(size), spare = new Uint16Array(size);

  /** Nodes with rows that still have to go down, and where those rows end. */
  const waiting: number[] = [], ends: number[] = [];

  /** Moves the rows that go left to the front; returns where the others begin. */
  const partition = (node: number, start: number, end: number): number => {
    const index = feature[node]!;
    const first = index * size;
    let left = start, rest = 0;
    if (isCategory[index]) {
      const set = split[node]!;
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        const bin = bins[first + row]!;
        const side = sets[set + (bin >>> 3)]! >>> (bin & 7) & 1;
        order[left] = row;
        spare[rest] = row;
        left += side;
        rest += 1 - side;
      }
    } else {
      const threshold = split[node]! & 255;
      // Without missing values on the left, a bin that there is none of.
      const missed = split[node]! >= MISSING_LEFT ? missing[index]! : -1;
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        const bin = bins[first + row]!;
        const side = (bin <= threshold ? 1 : 0) | (bin === missed ? 1 : 0);
        order[left] = row;
        spare[rest] = row;
        left += side;
        rest += 1 - side;
      }
    }
    for (let i = 0; i < rest; i++) order[left + i] = spare[i]!;
    return left;
  };

  return (tree, sums) => {
    const rows = sums.length;
    for (let i = 0; i < rows; i++) order[i] = i;
    waiting.push(roots[tree]!);
    ends.push(rows);
    let start = 0;
    while (waiting.length > 0) {
      let node = waiting.pop()!, end = ends.pop()!;
      while (end - start > FEW && feature[node] !== LEAF) {
        const middle = partition(node, start, end);
        if (middle === start) node = right[node]!;
        else {
          if (middle < end) {
            waiting.push(right[node]!);
            ends.push(end);
          }
          end = middle;
          node++;
        }
      }
      for (; start < end; start++) {
        const row = order[start]!;
        const leaf = feature[node] === LEAF ? node : leafOf(nodes, features, bins, row, size, node);
        sums[row] = sums[row]! + value[leaf]!;
      }
    }
  };
}

/** What splits ask of features: 1 for a category, and the bin of missing values. */
interface Kinds {
  isCategory: Uint8Array;
  missing: Uint8Array;
}

const kinds = new WeakMap<Ensemble, Kinds>();

/** Made once for each ensemble: for a single row, that takes as long as some twenty trees. */
function kindsOf(ensemble: Ensemble): Kinds {
  const known = kinds.get(ensemble);
  if (known) return known;
  const { features } = ensemble;
  const made = {
    isCategory: Uint8Array.from(features, ({ kind }) => kind === "category" ? 1 : 0),
    missing: Uint8Array.from(features, missingBin),
  };
  kinds.set(ensemble, made);
  return made;
}

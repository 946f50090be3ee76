import type { ColumnKind } from "../binning.ts";

/** What the exact trainer learns from: raw values, NaN is missing. */
export interface ExactTable {
  kinds: ColumnKind[];
  columns: Float64Array[];
  targets: Float64Array;
  /** At least 0; rows of weight 0 are left out. */
  weights?: Float64Array | undefined;
}

/** Limits of a tree, with scikit-learn's names; `null` or absent: none. */
export interface ExactLimits {
  max_depth?: number | null;
  max_leaf_nodes?: number | null;
  min_samples_leaf?: number;
}

/** A way to part the rows of a node in two. */
export interface ExactSplit {
  feature: number;
  goesLeft: (value: number) => boolean;
  /** By how much the weighted sum of squared errors falls. */
  gain: number;
  left: number[];
  right: number[];
}

/** A node with its rows; a leaf where it has no split. */
export interface ExactNode {
  rows: number[];
  depth: number;
  /** Weighted mean of its rows' targets. */
  mean: number;
  split?: ExactSplit;
  left?: ExactNode;
  right?: ExactNode;
}

/** Most categories in a node, missing ones counted as one more: all their sets are tried. */
const MAX_CATEGORIES = 6;

const weightOf = ({ weights }: ExactTable, row: number) => weights ? weights[row]! : 1;

/** Numbers of the rows that have weight. */
export function weightedRows(table: ExactTable): number[] {
  return Array.from(table.targets.keys()).filter((row) => weightOf(table, row) > 0);
}

/** Weighted mean of the targets of `rows`. */
export function exactMean(table: ExactTable, rows: number[]): number {
  let sum = 0, weight = 0;
  for (const row of rows) {
    sum += weightOf(table, row) * table.targets[row]!;
    weight += weightOf(table, row);
  }
  return sum / weight;
}

/** Weighted sum of squared distances of the targets of `rows` from their mean. */
export function exactError(table: ExactTable, rows: number[]): number {
  const mean = exactMean(table, rows);
  return rows.reduce(
    (sum, row) => sum + weightOf(table, row) * (table.targets[row]! - mean) ** 2,
    0,
  );
}

/** By how much the error falls as `rows` are parted in two; 0 where a side is empty. */
export function exactGain(table: ExactTable, left: number[], right: number[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  return exactError(table, [...left, ...right]) - exactError(table, left) -
    exactError(table, right);
}

/**
 * The best of all ways to part `rows` in two by one feature: numbers by every threshold, with missing
 * values on either side; categories, a missing one being one more, by every set of them. The first
 * of equals; `undefined` where none gains anything.
 *
 * @throws {RangeError} where a node has more than six categories.
 */
export function bestSplit(
  table: ExactTable,
  rows: number[],
  minSamplesLeaf = 1,
): ExactSplit | undefined {
  let best: ExactSplit | undefined;
  for (const [feature, kind] of table.kinds.entries()) {
    const column = table.columns[feature]!;
    const seen = new Set(rows.map((row) => column[row]!));
    const values = [...seen].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    const ways = kind === "number" ? thresholds(values) : sets([...seen]);
    for (const way of ways) {
      const left = rows.filter((row) => way(column[row]!));
      const right = rows.filter((row) => !way(column[row]!));
      if (Math.min(left.length, right.length) < Math.max(1, minSamplesLeaf)) continue;
      const gain = exactGain(table, left, right);
      if (gain <= (best?.gain ?? 0)) continue;
      const majority = left.length > right.length;
      const isSeen = (value: number) => seen.has(value) || (kind === "number" && value === value);
      const goesLeft = (value: number) => isSeen(value) ? way(value) : majority;
      best = { feature, goesLeft, gain, left, right };
    }
  }
  return best;
}

/** Thresholds half way between neighbours, and one that parts missing values from all others. */
function thresholds(values: number[]): ((value: number) => boolean)[] {
  return values.flatMap((low, i) => {
    const high = values[i + 1];
    const middle = low / 2 + (high ?? 0) / 2;
    const edge = high === undefined ? Infinity : middle >= low && middle < high ? middle : low;
    return [true, false].map((missingLeft) => (value: number) =>
      Number.isNaN(value) ? missingLeft : value <= edge
    );
  });
}

function sets(categories: number[]): ((value: number) => boolean)[] {
  if (categories.length > MAX_CATEGORIES) {
    throw new RangeError(`Expected ${MAX_CATEGORIES} categories, but found ${categories.length}`);
  }
  return Array.from({ length: 2 ** categories.length }, (_, set) => {
    const chosen = new Set(categories.filter((_, i) => (set >> i) & 1));
    return (value: number) => chosen.has(value);
  });
}

/**
 * Grows a regression tree for squared error over raw values, best split first: no bins, no rounding,
 * no cleverness. For tables of some hundred rows at most.
 *
 * @throws {RangeError} as {@linkcode bestSplit} does.
 */
export function trainExactly(
  table: ExactTable,
  { max_depth = null, max_leaf_nodes = null, min_samples_leaf = 1 }: ExactLimits = {},
): ExactNode {
  const candidates = new Map<ExactNode, ExactSplit>();
  const makeNode = (rows: number[], depth: number): ExactNode => {
    const node = { rows, depth, mean: exactMean(table, rows) };
    const split = depth < (max_depth ?? Infinity)
      ? bestSplit(table, rows, min_samples_leaf)
      : undefined;
    if (split) candidates.set(node, split);
    return node;
  };
  const root = makeNode(weightedRows(table), 0);
  for (let leaves = 1; candidates.size > 0 && leaves < (max_leaf_nodes ?? Infinity); leaves++) {
    const [node, split] = [...candidates].reduce((a, b) => b[1].gain > a[1].gain ? b : a);
    candidates.delete(node);
    node.split = split;
    node.left = makeNode(split.left, node.depth + 1);
    node.right = makeNode(split.right, node.depth + 1);
  }
  return root;
}

/** What an exact tree predicts for a record. */
export function predictExactly(node: ExactNode, record: number[]): number {
  if (!node.split) return node.mean;
  const goesLeft = node.split.goesLeft(record[node.split.feature]!);
  return predictExactly((goesLeft ? node.left : node.right)!, record);
}

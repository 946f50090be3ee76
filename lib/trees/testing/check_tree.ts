import {
  bestSplit,
  exactGain,
  type ExactLimits,
  exactMean,
  type ExactTable,
  weightedRows,
} from "./exact_trainer.ts";
import type { PlainNode } from "./plain_predictor.ts";

function expect(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}

/**
 * By how much a gain of the library may differ from the exact one. Targets, times weights, are
 * rounded to 2^40 steps (fewer for many rows: their sums share 53 bits with the count), weights to
 * 2^40 steps of the largest one. With `n` rows of targets up to `m` and weights up to `w`, a sum of
 * targets errs by n steps of 2mw / 2^40, so a sum's square over a weight by 2m times that, and by
 * its square over the least weight, w / 2^40. All of this is below n^2 m^2 w / 2^36.
 */
export function gainTolerance(table: ExactTable): number {
  const { targets, weights } = table;
  const rows = weightedRows(table);
  const n = rows.length;
  const target = Math.max(...rows.map((row) => Math.abs(targets[row]!)));
  const weight = Math.max(...rows.map((row) => weights?.[row] ?? 1));
  return n * n * target * target * weight * Math.max(2 ** -36, n * n * 2 ** -47);
}

/**
 * Checks a tree node by node against the brute-force search: every split gains as much as the best
 * one for the same rows, no leaf could have been split, splits are made in the order of their gains,
 * limits hold, and values that a node has not seen go to the side with more rows. Unlike a
 * comparison of whole trees, this holds as well where several splits gain the same.
 *
 * @param table `targets` are what the tree was grown on: for boosting, the gradients.
 * @param checkLeaf Called with each leaf's value and rows; see {@linkcode checkMean}.
 * @param tolerance What gains may miss; of all rows, where the tree was grown on some of them.
 * @throws {Error} where the tree is another than the exact one could be.
 */
export function checkTree(
  tree: PlainNode,
  table: ExactTable,
  limits: ExactLimits,
  checkLeaf: (value: number, rows: number[]) => void,
  tolerance = gainTolerance(table),
): void {
  const { max_depth = null, max_leaf_nodes = null, min_samples_leaf = 1 } = limits;
  const all = weightedRows(table);

  const leafGains: number[] = [];
  // Best-first growth reaches nodes in the order of the least gain on the way from the root to them.
  const leafReach: number[] = [], splitReach: number[] = [];

  const visit = (node: PlainNode, rows: number[], depth: number, reach: number): void => {
    expect(rows.length >= Math.min(min_samples_leaf, all.length), "a leaf has too few rows");
    const maySplit = depth < (max_depth ?? Infinity);
    const best = maySplit ? bestSplit(table, rows, min_samples_leaf)?.gain ?? 0 : 0;
    if ("value" in node) {
      expect(node.cover === rows.length, `a leaf's cover is ${node.cover}, not ${rows.length}`);
      checkLeaf(node.value, rows);
      leafGains.push(best);
      leafReach.push(Math.min(best, reach));
      return;
    }
    expect(maySplit, "a split is deeper than max_depth");
    const [left, right] = part(node, table, rows);
    checkUnseen(node, table, rows, left.length > right.length);
    const gain = exactGain(table, left, right);
    expect(
      gain >= best - tolerance,
      `a split on feature ${node.feature} gains ${gain}, but the best ${best}`,
    );
    const reached = Math.min(gain, reach);
    splitReach.push(reached);
    visit(node.left, left, depth + 1, reached);
    visit(node.right, right, depth + 1, reached);
  };

  visit(tree, all, 0, Infinity);
  const most = max_leaf_nodes ?? Infinity;
  expect(leafGains.length <= most, "more leaves than max_leaf_nodes");
  if (leafGains.length < most) {
    const missed = Math.max(...leafGains);
    expect(missed <= tolerance, `a leaf could have gained ${missed}`);
  }
  const missed = Math.max(...leafReach), made = Math.min(...splitReach);
  expect(
    missed <= made + tolerance,
    `a leaf could have gained ${missed}, a split gains ${made}`,
  );
}

/**
 * Makes a check that leaves are their rows' mean target times `learningRate`, as a multiple of
 * `leafStep`.
 */
export function checkMean(
  table: ExactTable,
  leafStep: number,
  learningRate = 1,
): (value: number, rows: number[]) => void {
  return (value, rows) => {
    expect(value % leafStep === 0, `${value} is no multiple of ${leafStep}`);
    const mean = learningRate * exactMean(table, rows);
    // Half a step, and float64's rounding of the mean.
    expect(Math.abs(value - mean) <= leafStep * 0.5001, `leaf ${value}, but mean ${mean}`);
  };
}

/** Checks where missing values go that the node has none of, and the table's other categories. */
function checkUnseen(
  { feature, goesLeft }: Exclude<PlainNode, { value: number }>,
  table: ExactTable,
  rows: number[],
  majority: boolean,
): void {
  const column = table.columns[feature]!;
  const seen = new Set(rows.map((row) => column[row]!));
  const others = table.kinds[feature] === "category" ? weightedRows(table) : [];
  const values = [NaN, ...others.map((row) => column[row]!)];
  for (const value of values) {
    if (!seen.has(value)) {
      expect(goesLeft(value) === majority, `unseen ${value} goes to the smaller side`);
    }
  }
}

function part(
  { feature, goesLeft }: Exclude<PlainNode, { value: number }>,
  { columns }: ExactTable,
  rows: number[],
): [number[], number[]] {
  const isLeft = (row: number) => goesLeft(columns[feature]![row]!);
  return [rows.filter(isLeft), rows.filter((row) => !isLeft(row))];
}

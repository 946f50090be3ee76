import type { BinnedTable } from "./binned_table.ts";
import { fillBins } from "./binning.ts";
import { chooseLeafStep, LEAF, type Tree } from "./ensemble.ts";
import { deviationsFrom, meanOf } from "./mean.ts";
import { createGrow, type GrowOptions, hasFewLeaves } from "./grow.ts";
import { growthMemorySize } from "./growth_memory.ts";
import { createLoss, type LossFunction } from "./losses.ts";
import type { Structure } from "./node_buffer.ts";
import type { CompleteBoosting } from "./parameters.ts";
import { leafOf } from "./predict.ts";
import {
  chooseQuantization,
  isTooCoarse,
  pack,
  type Quantization,
  quantizeWeights,
} from "./quantize.ts";
import { createRandom, selectRows } from "./random.ts";
import { spreadOf } from "./spread.ts";
import { createTableReader } from "./table_reader.ts";
import { type Team, workAlone } from "./team.ts";
import { finishTree, gainByFeature, growOptions, leafMeans, quantizedMeans } from "./tree.ts";

/** Rows held back, to stop at the best round. */
export interface ValidationRows {
  columns: Float64Array[];
  targets: Float64Array;
  weights?: Float64Array;
}

/** Rows to learn from. */
export interface TrainingRows {
  targets: Float64Array;
  weights: Float64Array | undefined;
  validation: ValidationRows | undefined;
}

/**
 * Rows are dealt out to threads in stretches of so many: long enough to be read fast, short enough
 * that rows of a kind, which stand together in sorted tables, go to all threads.
 */
const STRETCH = 1024;

/** Writes the numbers of a thread's rows, as many as it has. */
function listRows(numbers: Uint32Array, { index, size }: Team): void {
  let row = index * STRETCH;
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = row++;
    if (row % STRETCH === 0) row += (size - 1) * STRETCH;
  }
}

/** What boosting learns from. */
export interface BoostingData {
  table: BinnedTable;
  /** To which the trees' leaves are added. */
  base: number;
  leafStep: number;
  /** What the trees so far leave of the targets; boosting works in it. */
  residuals: Float64Array;
  weights: Float64Array | undefined;
  /** Whether targets lie so far apart that rows are counted by a number of their own. */
  countsApart: boolean;
  validation: ValidationRows | undefined;
  parameters: CompleteBoosting;
}

/** What boosting gives. */
export interface Boosted {
  trees: Tree[];
  /** Loss on the validation rows after each round. */
  validationLoss: Float64Array | undefined;
}

function lossOf({ loss, alpha }: CompleteBoosting): LossFunction | undefined {
  return loss === "squared_error" ? undefined : createLoss(loss, alpha);
}

/** Boosting's constant, and what it leaves of the targets, in memory that workers share. */
export function prepareBoosting(
  table: BinnedTable,
  { targets, weights, validation }: TrainingRows,
  parameters: CompleteBoosting,
): BoostingData {
  const base = lossOf(parameters)?.constant({ values: targets, weights }) ??
    meanOf(targets, weights);
  const residuals = deviationsFrom(base, targets);
  const spread = spreadOf(residuals);
  const leafStep = chooseLeafStep("sum", spread, parameters.n_estimators);
  // Other losses' gradients lie close to each other; of weights there are no counts apart.
  const countsApart = parameters.loss === "squared_error" && !weights &&
    isTooCoarse(spread, sampleSizeOf(table.rows, parameters));
  return { table, base, leafStep, residuals, weights, countsApart, validation, parameters };
}

/**
 * Whether a team of threads can boost together: with weights and other losses a leaf's value needs
 * all of its rows at one place, and deep trees are grown in blocks of rows.
 */
export function canShare(data: BoostingData): boolean {
  const { weights, parameters } = data;
  return parameters.loss === "squared_error" && !weights && hasFewLeaves(optionsOf(data));
}

/** How many numbers a team shares. */
export function teamCapacity(data: BoostingData, threads: number): number {
  const options = optionsOf(data);
  const forTrees = hasFewLeaves(options) ? growthMemorySize(data.table, options, threads) : 0;
  return forTrees + rangesOf(threads);
}

/** Numbers at the end of a team's memory that tell each thread's range. */
function rangesOf(threads: number): number {
  return 2 * threads;
}

function optionsOf({ table, weights, countsApart, parameters }: BoostingData): GrowOptions {
  return growOptions(parameters, table.features.length, weights !== undefined || countsApart);
}

function sampleSizeOf(rows: number, { subsample }: CompleteBoosting): number {
  return Math.max(1, Math.round(subsample * rows));
}

/**
 * Gradient boosting (Friedman 2001): each tree is grown, best split first, on the gradient of what
 * the trees before it left over, and each leaf then set to what lowers the loss most.
 *
 * @param team Threads that do this together, each with rows of its own; see {@linkcode canShare}.
 * @param onTree Called after each tree with the number of trees so far.
 */
export function growBoosting(
  data: BoostingData,
  team: Team = workAlone(teamCapacity(data, 1)),
  onTree: (done: number) => void = () => {},
): Boosted {
  const { table, base, leafStep, residuals, weights, countsApart, validation, parameters } = data;
  const { rows, features } = table;
  const { learning_rate, n_estimators, random_state } = parameters;
  const loss = lossOf(parameters);
  const options = optionsOf(data);
  const grow = createGrow(table, options, team);
  const readBins = createTableReader(table);
  const check = validation && createCheck(validation, table, base, loss, parameters);
  const random = createRandom(random_state);
  const sampleSize = sampleSizeOf(rows, parameters);
  const quantized = weights && quantizeWeights(weights, sampleSize);
  const second = countsApart ? new Float64Array(rows).fill(1) : quantized?.weights;
  /** What each row pulls at its forecast, times its weight. */
  const pull = loss || weights ? new Float64Array(rows) : residuals;
  const packed = new Float64Array(rows);
  const order = new Uint32Array(countRows(rows, team));
  const range = { low: 0, high: 0 };
  const drawn = new Uint8Array(sampleSize < rows ? rows : 0);
  const undrawn = new Uint32Array(sampleSize < rows ? order.length : 0);

  const trees: Tree[] = [];
  while (trees.length < n_estimators) {
    listRows(order, team);
    if (pull !== residuals) updatePull();
    // Of what is left over itself, the subtraction of the tree before finds it in passing.
    if (pull !== residuals || trees.length === 0) findRange(pull, order, range);
    const quantization = chooseQuantization(rangeOf(range, team), sampleSize, countsApart);
    packRows(quantization, pull, packed, rows, team);
    const used = order.subarray(0, drawOrder());
    const key = random.integer(2 ** 32) | 0;
    const structure = grow({ quantization, packed, weights: second }, used, key);
    const values = valuesOf(structure, used, quantization);
    const gain = gainByFeature(structure, features.length, quantization, quantized?.scale);
    const tree = finishTree(structure, values.map((v) => v * learning_rate), leafStep, gain);
    subtract(tree, structure, used);
    trees.push(tree);
    onTree(trees.length);
    if (check?.(tree)) break;
  }
  return {
    trees: trees.slice(0, check?.best() ?? trees.length),
    validationLoss: check && Float64Array.from(check.losses),
  };

  /** Brings `pull` up to date, where it is not what is left over itself. */
  function updatePull(): void {
    loss?.begin({ values: residuals, weights });
    for (let row = 0; row < rows; row++) {
      const gradient = loss ? loss.gradient(residuals[row]!) : residuals[row]!;
      pull[row] = weights ? gradient * weights[row]! : gradient;
    }
  }

  /** Brings this thread's rows of the round to the front of `order`; returns how many. */
  function drawOrder(): number {
    if (sampleSize === rows) return order.length;
    selectRows(drawn, sampleSize, random);
    let count = 0, others = 0;
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      if (drawn[row]) order[count++] = row;
      else undrawn[others++] = row;
    }
    return count;
  }

  /** What lowers the loss most in each leaf. */
  function valuesOf(structure: Structure, used: Uint32Array, quantization: Quantization) {
    if (loss) return renewLeaves(structure, used, loss);
    // What the quantized targets' rounding takes from a leaf's mean, later trees put right; light
    // rows beside heavy ones it could take whole.
    return weights && !options.monotone
      ? leafMeans(structure, used, residuals, weights)
      : quantizedMeans(structure, quantization, quantized?.scale);
  }

  /** What lowers another loss most in each leaf. */
  function renewLeaves({ leafEnds }: Structure, used: Uint32Array, loss: LossFunction) {
    const values = new Float64Array(leafEnds.length);
    for (let leaf = 0, start = 0; leaf < leafEnds.length; start = leafEnds[leaf++]!) {
      const inLeaf = used.subarray(start, leafEnds[leaf]!);
      values[leaf] = loss.leaf({
        values: Float64Array.from(inLeaf, (row) => residuals[row]!),
        weights: weights && Float64Array.from(inLeaf, (row) => weights[row]!),
      });
    }
    return values;
  }

  /** Takes the tree's forecasts off the residuals of this thread's rows, and finds their range. */
  function subtract(tree: Tree, { leafEnds }: Structure, used: Uint32Array): void {
    range.low = range.high = 0;
    for (let leaf = 0, node = 0, start = 0; leaf < leafEnds.length; node++) {
      if (tree.feature[node] !== LEAF) continue;
      const end = leafEnds[leaf++]!;
      subtractFrom(residuals, used, start, end, tree.value[node]!, range);
      start = end;
    }
    for (let i = 0; i < order.length - used.length; i++) {
      const value = tree.value[leafOf(tree, features, readBins(undrawn[i]!), 0)]!;
      subtractFrom(residuals, undrawn, i, i + 1, value, range);
    }
  }
}

/** Smallest and largest of numbers; at most and at least 0. */
interface Range {
  low: number;
  high: number;
}

// The next two stand alone so that they are compiled early.

/** Finds the range of the values of rows. */
function findRange(values: Float64Array, rows: Uint32Array, range: Range): void {
  let low = 0, high = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  range.low = low;
  range.high = high;
}

/** Subtracts `value` from those of the rows `rows[start..end)`, and widens their range. */
function subtractFrom(
  values: Float64Array,
  rows: Uint32Array,
  start: number,
  end: number,
  value: number,
  range: Range,
): void {
  let { low, high } = range;
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    const rest = values[row]! - value;
    values[row] = rest;
    if (rest < low) low = rest;
    if (rest > high) high = rest;
  }
  range.low = low;
  range.high = high;
}

function countRows(rows: number, team: Team): number {
  let count = 0;
  for (let start = team.index * STRETCH; start < rows; start += team.size * STRETCH) {
    count += Math.min(STRETCH, rows - start);
  }
  return count;
}

/** Packs this thread's rows. */
function packRows(
  quantization: Quantization,
  values: Float64Array,
  packed: Float64Array,
  rows: number,
  { index, size }: Team,
): void {
  if (size === 1) return pack(quantization, values, packed);
  for (let start = index * STRETCH; start < rows; start += size * STRETCH) {
    pack(quantization, values, packed, start, Math.min(start + STRETCH, rows));
  }
}

/** The range of all threads' numbers, of which each knows its own. */
function rangeOf({ low, high }: Range, team: Team): Range {
  const ranges = team.shared.subarray(team.shared.length - rangesOf(team.size));
  ranges[team.index * 2] = low;
  ranges[team.index * 2 + 1] = high;
  team.wait();
  for (let thread = 0; thread < team.size; thread++) {
    low = Math.min(low, ranges[thread * 2]!);
    high = Math.max(high, ranges[thread * 2 + 1]!);
  }
  return { low, high };
}

/** Follows the loss on validation rows; says when it has not improved for long enough. */
function createCheck(
  { columns, targets, weights }: ValidationRows,
  { features }: BinnedTable,
  base: number,
  loss: LossFunction | undefined,
  { n_iter_no_change, tol }: CompleteBoosting,
) {
  const width = features.length;
  const bins = new Uint8Array(targets.length * width);
  for (const [i, feature] of features.entries()) fillBins(feature, columns[i]!, bins, i, width);
  const residuals = targets.map((target) => target - base);
  const losses: number[] = [];
  let best = 0;
  const measure = () => {
    let sum = 0, total = 0;
    for (let row = 0; row < residuals.length; row++) {
      const residual = residuals[row]!;
      const weight = weights ? weights[row]! : 1;
      sum += weight * (loss ? loss.loss(residual) : residual * residual);
      total += weight;
    }
    return sum / total;
  };
  let lowest = Infinity;
  const check = (tree: Tree): boolean => {
    for (let row = 0; row < residuals.length; row++) {
      residuals[row] = residuals[row]! - tree.value[leafOf(tree, features, bins, row * width)]!;
    }
    const now = measure();
    losses.push(now);
    if (now < lowest - tol * Math.abs(lowest) || losses.length === 1) {
      lowest = now;
      best = losses.length;
    }
    return n_iter_no_change !== null && losses.length - best >= n_iter_no_change;
  };
  return Object.assign(check, {
    losses,
    best: () => n_iter_no_change === null ? losses.length : best,
  });
}

import type { BinnedTable } from "./binned_table.ts";
import { fillBins } from "./binning.ts";
import { chooseLeafStep, LEAF, type Tree } from "./ensemble.ts";
import { meanOf } from "./mean.ts";
import { createGrow, FEW_LEAVES, type GrowRows, hasFewLeaves } from "./grow.ts";
import { createLoss, type LossFunction } from "./losses.ts";
import type { Structure } from "./node_buffer.ts";
import type { CompleteBoosting } from "./parameters.ts";
import { createTableReader, leafOf } from "./predict.ts";
import { chooseQuantization, pack, quantizeWeights } from "./quantize.ts";
import { createRandom, selectRows } from "./random.ts";
import { ALONE, type Team } from "./team.ts";
import { gainByFeature, growOptions, roundTo } from "./tree.ts";

/** Rows held back, to stop at the best round. */
export interface ValidationRows {
  columns: Float64Array[];
  targets: Float64Array;
  weights?: Float64Array;
}

/** Stretches of rows that a thread takes whole, so also the most threads of a team. */
export const CHUNKS = 16;

function chunkStart(rows: number, chunk: number): number {
  return Math.floor(rows * chunk / CHUNKS);
}

/** What boosting learns from. */
export interface BoostingData {
  table: BinnedTable;
  targets: Float64Array;
  weights: Float64Array | undefined;
  validation: ValidationRows | undefined;
  parameters: CompleteBoosting;
}

/** What boosting gives. */
export interface Boosted {
  /** To which the trees' leaves are added. */
  base: number;
  leafStep: number;
  trees: Tree[];
  /** Loss on the validation rows after each round. */
  validationLoss: Float64Array | undefined;
}

/**
 * Whether a team of threads can boost together: with other losses a leaf's value needs all of its
 * rows sorted, and deep trees are grown in blocks of rows.
 */
export function canShare(parameters: CompleteBoosting, features: number): boolean {
  return parameters.loss === "squared_error" && hasFewLeaves(growOptions(parameters, features));
}

/**
 * Gradient boosting (Friedman 2001): each tree is grown, best split first, on the gradient of what
 * the trees before it left over, and each leaf then set to what lowers the loss most.
 *
 * @param team Threads that do this together, each with the rows of its share.
 * @param onTree Called after each tree with the number of trees so far.
 */
export function growBoosting(
  { table, targets, weights, validation, parameters }: BoostingData,
  team: Team = ALONE,
  onTree: (done: number) => void = () => {},
): Boosted {
  const { rows } = table;
  const loss = parameters.loss === "squared_error"
    ? undefined
    : createLoss(parameters.loss, parameters.alpha);
  const base = loss ? loss.constant({ values: targets, weights }) : meanOf(targets, weights);
  const residuals = targets.map((target) => target - base);
  const spread = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / rows);
  const leafStep = chooseLeafStep("sum", spread, parameters.n_estimators);
  const quantized = weights && quantizeWeights(weights, rows);
  const random = createRandom(parameters.random_state);
  const sampleSize = Math.max(1, Math.round(parameters.subsample * rows));
  const grow = createGrow(table, growOptions(parameters, table.features.length), team);
  const readBins = createTableReader(table);
  const check = validation && createCheck(validation, table, base, loss, parameters);

  const first = chunkStart(rows, Math.floor(CHUNKS * team.index / team.size));
  const end = chunkStart(rows, Math.floor(CHUNKS * (team.index + 1) / team.size));
  /** What each row pulls at its forecast, times its weight. */
  const pull = loss || weights ? new Float64Array(rows) : residuals;
  const packed = new Float64Array(rows);
  const everyRow = new Uint32Array(end - first);
  for (let i = 0; i < everyRow.length; i++) everyRow[i] = first + i;
  const order = everyRow.slice();
  const drawn = new Uint8Array(sampleSize < rows ? rows : 0);

  const trees: Tree[] = [];
  while (trees.length < parameters.n_estimators) {
    loss?.begin({ values: residuals, weights });
    if (pull !== residuals) {
      for (let row = first; row < end; row++) {
        const gradient = loss ? loss.gradient(residuals[row]!) : residuals[row]!;
        pull[row] = weights ? gradient * weights[row]! : gradient;
      }
    }
    const [low, high] = rangeOf(pull, first, end, team);
    const quantization = chooseQuantization(low, high, rows);
    pack(quantization, pull, packed, first, end);
    const used = drawOrder();
    const key = random.integer(2 ** 32) | 0;
    const growRows: GrowRows = { quantization, packed, weights: quantized?.weights };
    const structure = grow(growRows, used, key);
    const values = loss
      ? renewLeaves(structure, used, loss)
      : averageLeaves(structure, used, quantization.scale);
    const tree = finishTree(structure, values, quantization);
    subtract(tree, structure, used);
    trees.push(tree);
    onTree(trees.length);
    if (check?.(tree)) break;
  }
  const kept = check?.best() ?? trees.length;
  return {
    base,
    leafStep,
    trees: trees.slice(0, kept),
    validationLoss: check && Float64Array.from(check.losses),
  };

  /** The rows of this round, of this thread's share. */
  function drawOrder(): Uint32Array {
    if (sampleSize === rows) {
      order.set(everyRow);
      return order;
    }
    selectRows(drawn, sampleSize, random);
    let count = 0;
    for (let row = first; row < end; row++) if (drawn[row]) order[count++] = row;
    return order.subarray(0, count);
  }

  /** Weighted mean of the residuals in each leaf. */
  function averageLeaves(
    { feature, leafEnds, low, high }: Structure,
    used: Uint32Array,
    scale: number,
  ): Float64Array {
    const leaves = leafEnds.length;
    // Summed by chunks that do not depend on how rows are shared out to threads, each in the order
    // of its rows: so the rounding does not either.
    const sums = new Float64Array(leaves * CHUNKS * 2);
    for (let leaf = 0, i = 0; leaf < leaves; leaf++) {
      const end = leafEnds[leaf]!;
      for (let chunk = 0; i < end; chunk++) {
        const chunkEnd = chunkStart(rows, chunk + 1);
        let sum = 0, weight = 0;
        for (; i < end && used[i]! < chunkEnd; i++) {
          const row = used[i]!;
          sum += pull[row]!;
          weight += weights ? weights[row]! : 1;
        }
        sums[(leaf * CHUNKS + chunk) * 2] = sum;
        sums[(leaf * CHUNKS + chunk) * 2 + 1] = weight;
      }
    }
    team.sum(sums);
    const unit = scale / (quantized?.scale ?? 1);
    const values = new Float64Array(leaves);
    for (let leaf = 0, node = 0; leaf < leaves; leaf++, node++) {
      let sum = 0, weight = 0;
      for (let i = leaf * CHUNKS; i < (leaf + 1) * CHUNKS; i++) {
        sum += sums[i * 2]!;
        weight += sums[i * 2 + 1]!;
      }
      while (feature[node] !== LEAF) node++;
      let mean = sum / weight;
      if (low.length > 0) mean = Math.min(Math.max(mean, low[node]! / unit), high[node]! / unit);
      values[leaf] = mean;
    }
    return values;
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

  function finishTree(
    structure: Structure,
    values: Float64Array,
    quantization: GrowRows["quantization"],
  ): Tree {
    const { feature, split, right, sets } = structure;
    const value = new Float32Array(feature.length);
    for (let leaf = 0, node = 0; leaf < values.length; node++) {
      if (feature[node] !== LEAF) continue;
      value[node] = roundTo(leafStep, parameters.learning_rate * values[leaf++]!);
    }
    const gain = gainByFeature(structure, table.features.length, quantization, quantized?.scale);
    return { feature, split, right, sets, value, gain };
  }

  /** Takes the tree's forecasts off the residuals of this thread's rows. */
  function subtract(tree: Tree, { leafEnds }: Structure, used: Uint32Array): void {
    for (let leaf = 0, node = 0, i = 0; leaf < leafEnds.length; node++) {
      if (tree.feature[node] !== LEAF) continue;
      const value = tree.value[node]!;
      for (const end = leafEnds[leaf++]!; i < end; i++) {
        const row = used[i]!;
        residuals[row] = residuals[row]! - value;
      }
    }
    if (sampleSize === rows) return;
    for (let row = first; row < end; row++) {
      if (drawn[row]) continue;
      residuals[row] = residuals[row]! -
        tree.value[leafOf(tree, table.features, readBins(row), 0)]!;
    }
  }
}

/** How many numbers a team has to sum up at a time. */
export function teamCapacity({ starts, features }: BinnedTable): number {
  const slots = starts[features.length]!;
  return Math.max(slots * 2, FEW_LEAVES * CHUNKS * 2);
}

/** Smallest and largest of all threads' numbers; at most and at least 0. */
function rangeOf(values: Float64Array, start: number, end: number, team: Team): [number, number] {
  let low = 0, high = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const ranges = new Float64Array(team.size * 2);
  ranges[team.index * 2] = low;
  ranges[team.index * 2 + 1] = high;
  team.sum(ranges);
  for (let thread = 0; thread < team.size; thread++) {
    low = Math.min(low, ranges[thread * 2]!);
    high = Math.max(high, ranges[thread * 2 + 1]!);
  }
  return [low, high];
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

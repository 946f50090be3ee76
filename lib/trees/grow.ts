import type { BinnedTable } from "./binned_table.ts";
import { createBestFirst, FEW_LEAVES } from "./grow_best_first.ts";
import { createDepthFirst } from "./grow_depth_first.ts";
import { mostLeaves } from "./growth_memory.ts";
import type { Structure } from "./node_buffer.ts";
import type { Quantization } from "./quantize.ts";
import type { Team } from "./team.ts";

/** Limits of one tree. */
export interface GrowOptions {
  /** Most splits between root and leaf. */
  maxDepth: number;
  /** Most leaves; the split that gains most is made first. */
  maxLeafNodes: number;
  /** Rows a leaf holds at least. */
  minSamplesLeaf: number;
  /** How many features each split looks at. */
  maxFeatures: number;
  /** For each feature: 1 where the forecast must not fall as it grows, -1 not rise, 0 either. */
  monotone: Int8Array | undefined;
  /** Whether rows have a second number: a weight, or a count that stands apart. */
  weighted: boolean;
}

/** What a tree learns from: one number a row of the table. */
export interface GrowRows {
  quantization: Quantization;
  /** Packed targets, times how often the row was drawn. */
  packed: Float64Array;
  /** Quantized weights or ones, times how often the row was drawn; where there are any. */
  weights: Float64Array | undefined;
}

/** A node with the rows `order[start..end)`. */
export interface GrowNode {
  start: number;
  end: number;
  /** Sum of packed targets, of all threads' rows. */
  sum: number;
  weight: number;
  depth: number;
  /** What its features are drawn by. */
  key: number;
  /** What its mean must not be below or above, where features are monotone. */
  low: number;
  high: number;
}

/**
 * Grows a regression tree for squared error.
 *
 * @param order Numbers of the rows to learn from, each once; rearranged in place so that every
 *   leaf's rows stand together, in the order of the leaves.
 * @param key Seeds what each split draws.
 */
export type Grow = (rows: GrowRows, order: Uint32Array, key: number) => Structure;

/** Whether a tree within these limits is grown best first, by histograms alone. */
export function hasFewLeaves(options: GrowOptions): boolean {
  return mostLeaves(options) <= FEW_LEAVES;
}

/**
 * Makes a function that grows trees over one table.
 *
 * @param team Threads that grow each tree together, each with an `order` of its own; only for trees
 *   that {@linkcode hasFewLeaves}.
 */
export function createGrow(table: BinnedTable, options: GrowOptions, team?: Team): Grow {
  return hasFewLeaves(options)
    ? createBestFirst(table, options, team)
    : createDepthFirst(table, options);
}

import type { BinnedTable } from "./binned_table.ts";
import type { GrowOptions } from "./grow.ts";
import { countSlots } from "./histogram.ts";
import { type FoundSplit, SET_BYTES } from "./split.ts";

/** What threads share that grow a tree best first. */
export interface GrowthMemory {
  /** Most nodes that are parted in a round. */
  batch: number;
  /** Numbers of a row: 1, or 2 with weights. */
  planes: number;
  /** A thread's sums over bundles for the node number `task` of a round. */
  sums(thread: number, task: number, plane: number): Float64Array;
  /** Histograms of open nodes, one plane behind the other. */
  histograms: Float64Array[];
  /** The splits found in a round, two for each node. */
  splits: SplitRecord[];
}

/** Memory for a split that all threads can see. */
export interface SplitRecord {
  /** Feature or -1, gain, threshold, missingLeft, leftSum, leftWeight. */
  numbers: Float64Array;
  set: Uint8Array;
}

/** Most nodes that a team parts between two waits. */
const BATCH = 16;

const RECORD_NUMBERS = 6;
const RECORD = RECORD_NUMBERS + SET_BYTES / 8;

/** Most leaves of a tree. */
export function mostLeaves({ maxDepth, maxLeafNodes }: GrowOptions): number {
  return Math.min(maxLeafNodes, 2 ** maxDepth);
}

function measure(table: BinnedTable, options: GrowOptions, threads: number) {
  const planes = options.weighted ? 2 : 1;
  const batch = threads === 1 ? 1 : BATCH;
  // A team makes at most as many splits in vain as the tree has; see `createBestFirst`.
  const histograms = 2 * mostLeaves(options) + batch;
  return { ...countSlots(table), planes, batch, histograms };
}

/** How many numbers a team of threads shares to grow trees best first. */
export function growthMemorySize(
  table: BinnedTable,
  options: GrowOptions,
  threads: number,
): number {
  const { bundleSlots, slots, planes, batch, histograms } = measure(table, options, threads);
  return planes * (threads * batch * bundleSlots + histograms * slots) + 2 * batch * RECORD;
}

/** Parts the numbers that a team of threads shares, {@linkcode growthMemorySize} or more. */
export function partGrowthMemory(
  shared: Float64Array,
  table: BinnedTable,
  options: GrowOptions,
  threads: number,
): GrowthMemory {
  const { bundleSlots, slots, planes, batch, histograms } = measure(table, options, threads);
  let end = 0;
  const take = (count: number, length: number) =>
    Array.from({ length: count }, () => shared.subarray(end, end += length));
  const sums = take(threads * batch * planes, bundleSlots);
  return {
    batch,
    planes,
    sums: (thread, task, plane) => sums[(thread * batch + task) * planes + plane]!,
    histograms: take(histograms, planes * slots),
    splits: take(2 * batch, RECORD).map((numbers) => ({
      numbers,
      set: new Uint8Array(
        shared.buffer,
        numbers.byteOffset + RECORD_NUMBERS * 8,
        SET_BYTES,
      ),
    })),
  };
}

/** Writes down a split; one of feature -1 is none. */
export function writeSplit({ numbers, set }: SplitRecord, split: FoundSplit): void {
  numbers[0] = split.feature;
  numbers[1] = split.gain;
  numbers[2] = split.threshold;
  numbers[3] = split.missingLeft ? 1 : 0;
  numbers[4] = split.leftSum;
  numbers[5] = split.leftWeight;
  set.set(split.set);
}

const NO_SET = new Uint8Array(SET_BYTES);

/** Reads what {@linkcode writeSplit} wrote; `undefined` where there was no split. */
export function readSplit({ numbers, set }: SplitRecord): FoundSplit | undefined {
  const [feature, gain, threshold, missingLeft, leftSum, leftWeight] = numbers;
  if (feature! < 0) return undefined;
  return {
    feature: feature!,
    gain: gain!,
    threshold: threshold!,
    missingLeft: missingLeft === 1,
    leftSum: leftSum!,
    leftWeight: leftWeight!,
    set: threshold! < 0 ? set.slice() : NO_SET,
  };
}

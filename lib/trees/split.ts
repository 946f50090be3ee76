import type { FeatureBins } from "./binning.ts";
import { missingBin } from "./binning.ts";

/** A way to part the rows of a node in two. */
export interface Split {
  feature: number;
  /** How much the sum of squared errors falls; above 0. */
  gain: number;
  /** Which bins go left: 1 left, 0 right; one entry a bin, the last for missing values. */
  left: Uint8Array;
  /** Numbers: the highest bin that goes left; -1 for categories. */
  threshold: number;
  leftCount: number;
  leftSum: number;
}

/** Sum of targets and number of rows of a node. */
export interface NodeTotals {
  sum: number;
  count: number;
}

/**
 * The best split of a node by one feature under squared error, or `undefined` where none leaves
 * `minSamplesLeaf` rows on both sides and gains anything.
 *
 * Numbers: every threshold between bins, with missing values tried on either side. Categories:
 * sorted by their mean target, every cut of that order; among all sets of categories the best is
 * always one of these (Fisher 1958). Categories and missing values that no row of the node has go
 * to the side with more rows.
 *
 * @param histogram As {@linkcode fillHistogram} makes it.
 * @param offset First slot of the feature.
 */
export function findSplit(
  index: number,
  feature: FeatureBins,
  histogram: Float64Array,
  offset: number,
  totals: NodeTotals,
  minSamplesLeaf: number,
): Split | undefined {
  return feature.kind === "number"
    ? findThreshold(index, missingBin(feature), histogram, offset, totals, minSamplesLeaf)
    : findCategories(index, missingBin(feature), histogram, offset, totals, minSamplesLeaf);
}

/** Gains smaller than this share of the children's score are rounding noise. */
const NOISE = 1e-12;

function gainOf(leftSum: number, leftCount: number, { sum, count }: NodeTotals): number {
  const rightSum = sum - leftSum;
  const parent = sum * sum / count;
  const children = leftSum * leftSum / leftCount + rightSum * rightSum / (count - leftCount);
  return children - parent > NOISE * children ? children - parent : 0;
}

function findThreshold(
  index: number,
  bins: number,
  histogram: Float64Array,
  offset: number,
  totals: NodeTotals,
  minSamplesLeaf: number,
): Split | undefined {
  const missingSum = histogram[(offset + bins) * 2]!;
  const missingCount = histogram[(offset + bins) * 2 + 1]!;
  let bestGain = 0, bestThreshold = -1, bestMissingLeft = false, bestSum = 0, bestCount = 0;
  const consider = (threshold: number, missingLeft: boolean, sum: number, count: number) => {
    if (count < minSamplesLeaf || totals.count - count < minSamplesLeaf) return;
    const gain = gainOf(sum, count, totals);
    if (gain > bestGain) {
      bestGain = gain;
      bestThreshold = threshold;
      bestMissingLeft = missingLeft;
      bestSum = sum;
      bestCount = count;
    }
  };
  let sum = 0, count = 0;
  for (let bin = 0; bin < bins; bin++) {
    const slot = (offset + bin) * 2;
    // A bin without rows repeats the threshold before it.
    if (histogram[slot + 1] === 0) continue;
    sum += histogram[slot]!;
    count += histogram[slot + 1]!;
    consider(bin, false, sum, count);
    if (missingCount > 0) consider(bin, true, sum + missingSum, count + missingCount);
  }
  if (bestGain === 0) return undefined;
  const missingLeft = missingCount > 0 ? bestMissingLeft : bestCount * 2 > totals.count;
  const left = new Uint8Array(bins + 1).fill(1, 0, bestThreshold + 1);
  left[bins] = missingLeft ? 1 : 0;
  return {
    feature: index,
    gain: bestGain,
    left,
    threshold: bestThreshold,
    leftCount: bestCount,
    leftSum: bestSum,
  };
}

function findCategories(
  index: number,
  bins: number,
  histogram: Float64Array,
  offset: number,
  totals: NodeTotals,
  minSamplesLeaf: number,
): Split | undefined {
  const seen: number[] = [];
  for (let bin = 0; bin <= bins; bin++) {
    if (histogram[(offset + bin) * 2 + 1]! > 0) seen.push(bin);
  }
  const mean = (bin: number) => histogram[(offset + bin) * 2]! / histogram[(offset + bin) * 2 + 1]!;
  seen.sort((a, b) => mean(a) - mean(b) || a - b);
  let sum = 0, count = 0, bestGain = 0, bestLength = 0, bestSum = 0, bestCount = 0;
  for (let i = 0; i + 1 < seen.length; i++) {
    const slot = (offset + seen[i]!) * 2;
    sum += histogram[slot]!;
    count += histogram[slot + 1]!;
    if (count < minSamplesLeaf || totals.count - count < minSamplesLeaf) continue;
    const gain = gainOf(sum, count, totals);
    if (gain > bestGain) {
      bestGain = gain;
      bestLength = i + 1;
      bestSum = sum;
      bestCount = count;
    }
  }
  if (bestGain === 0) return undefined;
  const left = new Uint8Array(bins + 1).fill(bestCount * 2 > totals.count ? 1 : 0);
  for (const [i, bin] of seen.entries()) left[bin] = i < bestLength ? 1 : 0;
  return {
    feature: index,
    gain: bestGain,
    left,
    threshold: -1,
    leftCount: bestCount,
    leftSum: bestSum,
  };
}

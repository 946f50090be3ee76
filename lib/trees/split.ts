import { type FeatureBins, missingBin } from "./binning.ts";
import type { GrowOptions } from "./grow.ts";
import type { Quantization } from "./quantize.ts";

/** Bytes of a set of bins: one bit for each of 256 bins. */
export const SET_BYTES = 32;

/** A split as {@linkcode SplitSearch} finds it; its fields say what each means. */
export type FoundSplit = Pick<
  SplitSearch,
  "feature" | "gain" | "threshold" | "missingLeft" | "set" | "leftSum" | "leftWeight"
>;

/** Gains smaller than this share of the children's score are rounding noise. */
const NOISE = 1e-12;

/**
 * Finds the best way to part the rows of a node in two under squared error: call
 * {@linkcode startTree} once a tree, {@linkcode startNode} and then {@linkcode tryFeature} for each
 * feature, then read the fields.
 *
 * Numbers: every threshold between bins, with missing values tried on either side. Categories:
 * sorted by their mean target, every cut of that order; among all sets of categories the best is
 * always one of these (Fisher 1958). Categories and missing values that no row of the node has go
 * to the side with more rows.
 *
 * A class with fields that are reused, since the search runs millions of times.
 */
export class SplitSearch {
  /** Bins of the feature at hand that rows have: their number, packed targets and weights. */
  readonly bins = new Uint8Array(256);
  readonly sums = new Float64Array(256);
  readonly weights = new Float64Array(256);

  /** The best split: the feature, or -1 where no split gains anything. */
  feature = -1;
  /** By how much it lowers the sum of squared errors; in units of the quantized targets. */
  gain = 0;
  /** Numbers: the highest bin that goes left. Categories: -1. */
  threshold = -1;
  /** Whether missing values go left; of numbers. */
  missingLeft = false;
  /** Categories: the bins that go left. */
  readonly set = new Uint8Array(SET_BYTES);
  /** Packed targets and weights of the left side. */
  leftSum = 0;
  leftWeight = 0;

  readonly #missing: Uint8Array;
  readonly #isCategory: Uint8Array;
  readonly #everyBin: Uint8Array[];
  readonly #monotone: Int8Array | undefined;
  readonly #weighted: boolean;
  readonly #minSamplesLeaf: number;
  readonly #means = new Float64Array(256);

  #countsApart = false;
  #offset = 0;
  #unit = 1;
  #inverse = 1;
  #count = 0;
  #sum = 0;
  #weight = 0;
  #score = 0;
  #low = -Infinity;
  #high = Infinity;
  #constraint = 0;

  constructor(
    features: FeatureBins[],
    { weighted, minSamplesLeaf, monotone }: Pick<
      GrowOptions,
      "weighted" | "minSamplesLeaf" | "monotone"
    >,
  ) {
    this.#missing = Uint8Array.from(features, missingBin);
    this.#isCategory = Uint8Array.from(features, ({ kind }) => kind === "category" ? 1 : 0);
    this.#everyBin = features.map(setOfAllBins);
    this.#monotone = monotone;
    this.#weighted = weighted;
    this.#minSamplesLeaf = minSamplesLeaf;
  }

  /** Begins with a tree. */
  startTree({ offset, unit, countsApart }: Quantization): void {
    this.#countsApart = countsApart;
    this.#offset = offset;
    this.#unit = unit;
    this.#inverse = 1 / unit;
  }

  /** Number of rows in a packed sum; `weight` is that of the same rows. */
  countOf(packed: number, weight: number): number {
    if (this.#countsApart) return weight;
    return packed - Math.floor(packed * this.#inverse) * this.#unit;
  }

  /** Mean of a node's targets, in units of the quantized targets, within its bounds. */
  meanOf(packed: number, weight: number, low: number, high: number): number {
    const sum = Math.floor(packed * this.#inverse);
    const count = this.countOf(packed, weight);
    const mean = (sum - this.#offset * count) / (this.#weighted ? weight : count);
    return Math.min(Math.max(mean, low), high);
  }

  /** Square of a sum of targets over their weight: what it lowers the sum of squares by. */
  squareOf(packed: number, weight: number): number {
    const sum = Math.floor(packed * this.#inverse);
    const count = this.countOf(packed, weight);
    const centered = sum - this.#offset * count;
    return centered * centered / (this.#weighted ? weight : count);
  }

  /**
   * Begins with a node.
   *
   * @param packed Sum of its rows' packed targets.
   * @param weight Sum of their weights, where rows have any.
   * @param low What its mean must not be below, where features are monotone.
   */
  startNode(packed: number, weight: number, low: number, high: number): void {
    const sum = Math.floor(packed * this.#inverse);
    this.#count = this.countOf(packed, weight);
    this.#sum = sum - this.#offset * this.#count;
    this.#weight = this.#weighted ? weight : this.#count;
    this.#low = low;
    this.#high = high;
    this.#score = this.#monotone
      ? this.#boundedScore(this.#sum, this.#weight)
      : this.#sum * this.#sum / this.#weight;
    this.feature = -1;
    this.gain = 0;
  }

  /** Tries a feature whose first `length` entries of `bins`, ascending, and `sums` are filled. */
  tryFeature(feature: number, length: number): void {
    if (length < 2) return;
    this.#constraint = this.#monotone ? this.#monotone[feature]! : 0;
    if (this.#isCategory[feature]) this.#tryCategory(feature, length);
    else this.#tryNumber(feature, length);
  }

  /** Takes up a split that was found before, as if just found. */
  restore({ feature, gain, threshold, missingLeft, set, leftSum, leftWeight }: FoundSplit): void {
    this.feature = feature;
    this.gain = gain;
    this.threshold = threshold;
    this.missingLeft = missingLeft;
    if (threshold < 0) this.set.set(set);
    this.leftSum = leftSum;
    this.leftWeight = leftWeight;
  }

  /** Whether a bin of the best split's feature goes left. */
  goesLeft(bin: number): boolean {
    if (this.threshold < 0) return (this.set[bin >>> 3]! >>> (bin & 7) & 1) === 1;
    return bin === this.#missing[this.feature] ? this.missingLeft : bin <= this.threshold;
  }

  /** What the means of the best split's sides, and of all nodes below them, are held within. */
  boundChildren(
    { sum, weight, low, high }: { sum: number; weight: number; low: number; high: number },
  ): { left: { low: number; high: number }; right: { low: number; high: number } } {
    const constraint = this.#monotone?.[this.feature] ?? 0;
    const left = this.meanOf(this.leftSum, this.leftWeight, low, high);
    const right = this.meanOf(sum - this.leftSum, weight - this.leftWeight, low, high);
    const middle = (left + right) / 2;
    const below = { low, high: middle }, above = { low: middle, high };
    if (constraint === 0) return { left: { low, high }, right: { low, high } };
    return constraint > 0 ? { left: below, right: above } : { left: above, right: below };
  }

  #tryNumber(feature: number, length: number): void {
    const { bins, sums, weights } = this;
    const hasMissing = bins[length - 1] === this.#missing[feature];
    const last = length - 1;
    const cut = this.#scan(last, 0, 0);
    // With missing values on the left, those alone on the right have been tried.
    const other = hasMissing ? this.#scan(last - 1, sums[last]!, weights[last]!) : -1;
    if (cut < 0 && other < 0) return;
    this.feature = feature;
    this.threshold = bins[other < 0 ? cut : other]!;
    this.missingLeft = hasMissing ? other >= 0 : this.#isLeftLarger();
  }

  #tryCategory(feature: number, length: number): void {
    this.#sortByMean(length);
    const cut = this.#scan(length - 1, 0, 0);
    if (cut < 0) return;
    const { bins, set } = this;
    this.feature = feature;
    this.threshold = -1;
    if (this.#isLeftLarger()) set.set(this.#everyBin[feature]!);
    else set.fill(0);
    for (let i = 0; i < length; i++) {
      const byte = bins[i]! >>> 3, bit = 1 << (bins[i]! & 7);
      set[byte] = i <= cut ? set[byte]! | bit : set[byte]! & ~bit;
    }
  }

  /**
   * Tries to part the node behind each of the first `cuts` bins, and keeps the gain and the left side
   * of the best split where it is better than what is known.
   *
   * @param sum Packed targets that go left in any case.
   * @param weight Their weight.
   * @returns The last bin on the left side, or -1 where no split is better.
   */
  #scan(cuts: number, sum: number, weight: number): number {
    const { sums, weights } = this;
    const weighted = this.#weighted,
      countsApart = this.#countsApart,
      bounded = this.#monotone !== undefined;
    const inverse = this.#inverse, unit = this.#unit, offset = this.#offset;
    const total = this.#sum, totalCount = this.#count, totalWeight = this.#weight;
    const least = this.#minSamplesLeaf, score = this.#score;
    let best = this.gain, bestCut = -1;
    for (let i = 0; i < cuts; i++) {
      sum += sums[i]!;
      if (weighted) weight += weights[i]!;
      const whole = Math.floor(sum * inverse);
      const count = countsApart ? weight : sum - whole * unit;
      if (count < least || totalCount - count < least) continue;
      const left = whole - offset * count;
      const right = total - left;
      const leftWeight = weighted ? weight : count;
      const rightWeight = totalWeight - leftWeight;
      let children: number;
      if (bounded) children = this.#boundedChildren(left, leftWeight, right, rightWeight);
      else {
        // left^2 / leftWeight + right^2 / rightWeight; divided, the dearest of it all, only where it
        // may be the best.
        const dividend = left * left * rightWeight + right * right * leftWeight;
        const divisor = leftWeight * rightWeight;
        if (dividend <= (score + best) * divisor) continue;
        children = dividend / divisor;
      }
      const gain = children - score;
      if (gain > best && gain > NOISE * Math.abs(children)) {
        best = gain;
        bestCut = i;
        this.leftSum = sum;
        this.leftWeight = weight;
      }
    }
    this.gain = best;
    return bestCut;
  }

  /** How much two sides within the bounds lower the sum of squares; -Infinity where they may not. */
  #boundedChildren(
    left: number,
    leftWeight: number,
    right: number,
    rightWeight: number,
  ): number {
    const leftMean = this.#bound(left / leftWeight), rightMean = this.#bound(right / rightWeight);
    if (this.#constraint * (rightMean - leftMean) < 0) return -Infinity;
    return this.#boundedScore(left, leftWeight) + this.#boundedScore(right, rightWeight);
  }

  /** How much the best mean within the bounds lowers the sum of squares. */
  #boundedScore(sum: number, weight: number): number {
    const mean = this.#bound(sum / weight);
    return mean * (2 * sum - mean * weight);
  }

  #bound(mean: number): number {
    return Math.min(Math.max(mean, this.#low), this.#high);
  }

  #isLeftLarger(): boolean {
    return this.countOf(this.leftSum, this.leftWeight) * 2 > this.#count;
  }

  /** Sorts the bins by their mean target; equal means by bin. */
  #sortByMean(length: number): void {
    const { bins, sums, weights } = this;
    const means = this.#means;
    for (let i = 0; i < length; i++) {
      const mean = this.meanOf(sums[i]!, weights[i]!, -Infinity, Infinity);
      const bin = bins[i]!, sum = sums[i]!, weight = weights[i]!;
      let j = i - 1;
      for (; j >= 0 && means[j]! > mean; j--) {
        means[j + 1] = means[j]!;
        bins[j + 1] = bins[j]!;
        sums[j + 1] = sums[j]!;
        weights[j + 1] = weights[j]!;
      }
      means[j + 1] = mean;
      bins[j + 1] = bin;
      sums[j + 1] = sum;
      weights[j + 1] = weight;
    }
  }
}

function setOfAllBins(feature: FeatureBins): Uint8Array {
  const set = new Uint8Array(SET_BYTES);
  for (let bin = 0; bin <= missingBin(feature); bin++) {
    set[bin >>> 3] = set[bin >>> 3]! | 1 << (bin & 7);
  }
  return set;
}

import { type BinnedTable, binsByCode } from "./binned_table.ts";
import type { Bundling } from "./bundles.ts";
import type { GrowNode, GrowOptions, GrowRows } from "./grow.ts";
import { childKey, shuffleByKey } from "./random.ts";
import { SplitSearch } from "./split.ts";

/** Finds the best split of a node by its histogram, and parts the node's rows by it. */
export class NodeSplitter {
  readonly search: SplitSearch;
  /** By feature and code of its narrow bundle: the feature's bin. */
  readonly binOfCode: Uint8Array[];

  readonly #table: BinnedTable;
  readonly #options: GrowOptions;
  readonly #slots: number;
  readonly #everyFeature: Uint8Array;
  readonly #sides = new Uint8Array(256);
  #order: Uint32Array = new Uint32Array(0);
  #spareRows = new Uint32Array(0);

  constructor(table: BinnedTable, options: GrowOptions) {
    const { features, starts } = table;
    this.search = new SplitSearch(features, options);
    this.binOfCode = features.map((_, feature) => binsByCode(table, feature));
    this.#table = table;
    this.#options = options;
    this.#slots = starts[features.length]!;
    this.#everyFeature = Uint8Array.from(features.keys());
  }

  /**
   * Begins a tree.
   *
   * @param order Numbers of its rows, rearranged as nodes are parted.
   */
  startTree({ quantization }: GrowRows, order: Uint32Array): void {
    this.search.startTree(quantization);
    this.#order = order;
    if (this.#spareRows.length < order.length) this.#spareRows = new Uint32Array(order.length);
  }

  canSplit(node: GrowNode): boolean {
    const { maxDepth, minSamplesLeaf } = this.#options;
    return node.depth < maxDepth && this.countOf(node) >= 2 * minSamplesLeaf;
  }

  /** How many rows a node has, each as often as drawn. */
  countOf({ sum, weight }: GrowNode): number {
    return this.search.countOf(sum, weight);
  }

  meanOf({ sum, weight, low, high }: GrowNode): number {
    return this.search.meanOf(sum, weight, low, high);
  }

  /** The tree's root; `histogram` is that of all rows. */
  makeRoot(key: number, histogram: Float64Array): GrowNode {
    let sum = 0, weight = 0;
    // Every row is in one bin of the first feature.
    for (let slot = 0; slot < this.#table.starts[1]!; slot++) {
      sum += histogram[slot]!;
      if (this.#options.weighted) weight += histogram[this.#slots + slot]!;
    }
    const end = this.#order.length;
    return { start: 0, end, sum, weight, depth: 0, key, low: -Infinity, high: Infinity };
  }

  /** Leaves the node's best split in `search`. */
  findSplit(node: GrowNode, histogram: Float64Array): void {
    const { search } = this;
    const { maxFeatures } = this.#options;
    const everyFeature = this.#everyFeature;
    const width = everyFeature.length;
    search.startNode(node.sum, node.weight, node.low, node.high);
    let order = everyFeature, vary = false;
    if (maxFeatures < width) shuffleByKey(node.key, order = everyFeature.slice());
    // As scikit-learn does: looks at `maxFeatures` of all, and on until one of them varies.
    for (let i = 0; i < width && (i < maxFeatures || !vary); i++) {
      const feature = order[i]!;
      const length = this.#gather(feature, histogram);
      vary ||= length > 1;
      search.tryFeature(feature, length);
    }
  }

  /** The two sides of the split in `search`, and the node's rows parted accordingly. */
  divide(node: GrowNode): [GrowNode, GrowNode] {
    const { search } = this;
    const { leftSum, leftWeight } = search;
    const bounds = this.#options.monotone && search.boundChildren(node);
    const middle = this.#partition(node);
    const depth = node.depth + 1;
    return [{
      start: node.start,
      end: middle,
      sum: leftSum,
      weight: leftWeight,
      depth,
      key: childKey(node.key, 0),
      low: bounds?.left.low ?? node.low,
      high: bounds?.left.high ?? node.high,
    }, {
      start: middle,
      end: node.end,
      sum: node.sum - leftSum,
      weight: node.weight - leftWeight,
      depth,
      key: childKey(node.key, 1),
      low: bounds?.right.low ?? node.low,
      high: bounds?.right.high ?? node.high,
    }];
  }

  /** Copies the bins of a feature that rows have to where the search wants them. */
  #gather(feature: number, histogram: Float64Array): number {
    const { bins, sums, weights } = this.search;
    const { weighted } = this.#options;
    const slots = this.#slots;
    const first = this.#table.starts[feature]!, end = this.#table.starts[feature + 1]!;
    let length = 0;
    for (let slot = first; slot < end; slot++) {
      const sum = histogram[slot]!;
      // A sum of targets may be 0 where counts stand apart; no weight is.
      if (weighted ? histogram[slots + slot] === 0 : sum === 0) continue;
      bins[length] = slot - first;
      sums[length] = sum;
      if (weighted) weights[length] = histogram[slots + slot]!;
      length++;
    }
    return length;
  }

  /** Moves the rows of the split's left side to the front, each side in its former order. */
  #partition({ start, end }: GrowNode): number {
    const { search } = this;
    const { feature } = search;
    const { bundle } = this.#table.places[feature]!;
    const { narrow } = this.#table;
    const bins = this.binOfCode[feature]!;
    const sides = this.#sides, order = this.#order, spareRows = this.#spareRows;
    const { size } = narrow.bundles[bundle]!;
    for (let code = 0; code < size; code++) sides[code] = search.goesLeft(bins[code]!) ? 1 : 0;
    const middle = divideRows(order, start, end, sides, narrow, bundle, spareRows);
    order.set(spareRows.subarray(0, end - middle), middle);
    return middle;
  }
}

/**
 * Moves the row numbers `order[start..end)` of the left side to the front, and writes those of the
 * right side to `others`. Stands alone so that it is compiled early.
 *
 * @param sides 1 for each code of the bundle that goes left, else 0.
 * @returns Where the left side's end.
 */
function divideRows(
  order: Uint32Array,
  start: number,
  end: number,
  sides: Uint8Array,
  { codes, bundles }: Bundling,
  bundle: number,
  others: Uint32Array,
): number {
  const stride = bundles.length;
  let left = start, right = 0;
  // Without a branch on the side: it would be guessed wrong every other time.
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const side = sides[codes[row * stride + bundle]!]!;
    order[left] = row;
    others[right] = row;
    left += side;
    right += 1 - side;
  }
  return left;
}

import { LEAF, MISSING_LEFT, type Nodes } from "./ensemble.ts";
import { type FoundSplit, SET_BYTES } from "./split.ts";

/** A grown tree before its leaves have values. */
export interface Structure extends Omit<Nodes, "value" | "cover"> {
  /** Of each node: by how much its split lowered the squared error, in quantized units; leaves: 0. */
  gain: Float64Array;
  /**
   * Of each leaf, in the order of the nodes: where its rows end in the tree's order of rows. They
   * begin where those of the leaf before end.
   */
  leafEnds: Uint32Array;
  /** Of each leaf: how many rows it has, those of all threads, each as often as drawn. */
  leafRows: Uint32Array;
  /** Of each node: mean of its quantized targets, held within the bounds of monotone features. */
  mean: Float64Array;
}

/** Collects the nodes of a tree in pre-order, growing as needed. */
export class NodeBuffer {
  length = 0;
  #feature = new Uint8Array(64);
  #split = new Uint32Array(64);
  #right = new Uint32Array(64);
  #gain = new Float64Array(64);
  #mean = new Float64Array(64);
  #leafEnds = new Uint32Array(64);
  #leafRows = new Uint32Array(64);
  #leaves = 0;
  #sets = new Uint8Array(64 * SET_BYTES);
  #setLength = 0;

  /** Adds a leaf of so many rows, of which those of this thread end at `end`. */
  pushLeaf(end: number, rows: number, mean: number): void {
    this.#push(LEAF, 0, 0, mean);
    if (this.#leaves === this.#leafEnds.length) {
      this.#leafEnds = double(this.#leafEnds);
      this.#leafRows = double(this.#leafRows);
    }
    this.#leafRows[this.#leaves] = rows;
    this.#leafEnds[this.#leaves++] = end;
  }

  /** Adds a split and returns the node's index, for {@linkcode setRight}. */
  pushSplit(found: FoundSplit, mean: number): number {
    const { feature, threshold, missingLeft, set, gain } = found;
    const isNumber = threshold >= 0;
    const split = isNumber ? threshold + (missingLeft ? MISSING_LEFT : 0) : this.#setLength;
    if (!isNumber) {
      if (this.#setLength === this.#sets.length) this.#sets = double(this.#sets);
      this.#sets.set(set, this.#setLength);
      this.#setLength += SET_BYTES;
    }
    return this.#push(feature, split, gain, mean);
  }

  /** Says that the node that comes next is the right child of `node`. */
  setRight(node: number): void {
    this.#right[node] = this.length;
  }

  #push(feature: number, split: number, gain: number, mean: number): number {
    const index = this.length++;
    if (index === this.#feature.length) {
      this.#feature = double(this.#feature);
      this.#split = double(this.#split);
      this.#right = double(this.#right);
      this.#gain = double(this.#gain);
      this.#mean = double(this.#mean);
    }
    this.#feature[index] = feature;
    this.#split[index] = split;
    this.#right[index] = 0;
    this.#gain[index] = gain;
    this.#mean[index] = mean;
    return index;
  }

  /** Forgets all nodes, and keeps the memory. */
  clear(): void {
    this.length = 0;
    this.#leaves = 0;
    this.#setLength = 0;
  }

  /** The tree, in memory that the next one will be written to. */
  view(): Structure {
    const { length } = this;
    return {
      feature: this.#feature.subarray(0, length),
      split: this.#split.subarray(0, length),
      right: this.#right.subarray(0, length),
      sets: this.#sets.subarray(0, this.#setLength),
      gain: this.#gain.subarray(0, length),
      leafEnds: this.#leafEnds.subarray(0, this.#leaves),
      leafRows: this.#leafRows.subarray(0, this.#leaves),
      mean: this.#mean.subarray(0, length),
    };
  }
}

/** A tree in memory of its own. */
export function copyStructure(
  { feature, split, right, sets, gain, leafEnds, leafRows, mean }: Structure,
): Structure {
  return {
    feature: feature.slice(),
    split: split.slice(),
    right: right.slice(),
    sets: sets.slice(),
    gain: gain.slice(),
    leafEnds: leafEnds.slice(),
    leafRows: leafRows.slice(),
    mean: mean.slice(),
  };
}

function double<A extends Uint8Array | Uint32Array | Float64Array>(array: A): A {
  const larger = new (array.constructor as { new (length: number): A })(array.length * 2);
  larger.set(array as never);
  return larger;
}

/**
 * What a split has to gain to be among the best `count` of a tree, as far as is known. A split comes
 * into best-first growth only after those above it, so it counts with the least gain on its path.
 *
 * It lets a tree be grown depth first, and yet no deeper than best-first growth would: what falls
 * below the floor can never come in again, since the floor only rises.
 */
export class GainFloor {
  /** Splits that gain less are out; 0 while there is room for all. */
  lowest = 0;
  /** The best gains so far, as a heap with the lowest first. */
  readonly #gains: Float64Array;
  #length = 0;

  constructor(count: number) {
    this.#gains = new Float64Array(count);
  }

  /** Forgets all splits. */
  clear(): void {
    this.lowest = 0;
    this.#length = 0;
  }

  /** Takes note of a split whose path gains at least `gain`. */
  add(gain: number): void {
    const gains = this.#gains;
    if (this.#length < gains.length) {
      let at = this.#length++;
      for (; at > 0 && gains[(at - 1) >>> 1]! > gain; at = (at - 1) >>> 1) {
        gains[at] = gains[(at - 1) >>> 1]!;
      }
      gains[at] = gain;
    } else if (gain > gains[0]!) this.#replaceLowest(gain);
    if (this.#length === gains.length) this.lowest = gains[0]!;
  }

  #replaceLowest(gain: number): void {
    const gains = this.#gains;
    let at = 0;
    for (let child = 1; child < gains.length; child = 2 * at + 1) {
      if (child + 1 < gains.length && gains[child + 1]! < gains[child]!) child++;
      if (gains[child]! >= gain) break;
      gains[at] = gains[child]!;
      at = child;
    }
    gains[at] = gain;
  }
}

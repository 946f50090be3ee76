/**
 * A stream of pseudo-random numbers that is the same on every machine: sfc32 by Chris Doty-Humphrey
 * (PractRand), on 32-bit integers only.
 *
 * Each thing that is drawn has a stream of its own, named by a text. So a change in how one thing is
 * drawn leaves all others as they were.
 *
 * @example
 * ```ts
 * import { RandomStream } from "./random.ts";
 * const random = new RandomStream("1/store/7");
 * console.log(random.uniform(), random.normal());
 * ```
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param name Equal names give equal streams; ASCII. */
  constructor(name: string) {
    this.#a = hash(name, 0x9e3779b9);
    this.#b = hash(name, 0x85ebca6b);
    this.#c = hash(name, 0xc2b2ae35);
    // sfc32 wants a few rounds until the seed is well mixed.
    for (let round = 0; round < 15; round++) this.#next();
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Evenly from `low` up to, not including, `high`. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.#next() / 4294967296);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal to a good approximation: the sum of twelve uniform numbers, less six. */
  normal(): number {
    let sum = -6;
    for (let draw = 0; draw < 12; draw++) sum += this.uniform();
    return sum;
  }

  /** As {@linkcode normal}, but one in twenty-five is three times as far out. */
  heavyNormal(): number {
    const scale = this.chance(0.04) ? 3 : 1;
    return scale * this.normal();
  }
}

/** FNV-1a over the characters, then the finalizer of MurmurHash3. */
function hash(text: string, seed: number): number {
  let value = seed | 0;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) | 0;
}

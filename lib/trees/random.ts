/**
 * A seeded generator of pseudo-random numbers: sfc32 (C. Doty-Humphrey, PractRand), seeded by
 * splitmix32. Integer arithmetic only, so that every engine draws the same numbers.
 */
export interface Random {
  /** A whole number from 0 to `bound` - 1; `bound` at most 2^32. */
  integer(bound: number): number;
  /** `size` different whole numbers from 0 to `length` - 1, in the order drawn, then the others. */
  shuffle(length: number, size: number): Uint32Array;
}

/** One step of splitmix32: every bit of the result depends on every bit of `state`. */
function mix(state: number): number {
  let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/**
 * Makes a generator.
 *
 * @param seed Whole number, 0 to 2^32 - 1.
 * @param stream Number of an independent stream of the same seed, for example a tree's index.
 *
 * @example
 * ```ts
 * import { createRandom } from "./random.ts";
 * const random = createRandom(42);
 * console.log(random.integer(6) + 1); // a die
 * ```
 */
export function createRandom(seed: number, stream = 0): Random {
  // The seed is mixed before the stream comes in: else near seeds and streams would meet.
  let state = (mix((seed + 0x9e3779b9) | 0) + stream) | 0;
  const next32 = () => mix(state = (state + 0x9e3779b9) | 0);
  let a = next32(), b = next32(), c = next32(), counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const integer = (bound: number) => Math.floor(next() / 2 ** 32 * bound);
  return {
    integer,
    shuffle(length, size) {
      const numbers = new Uint32Array(length);
      for (let i = 0; i < length; i++) numbers[i] = i;
      for (let i = 0; i < size; i++) {
        const j = i + integer(length - i);
        const drawn = numbers[j]!;
        numbers[j] = numbers[i]!;
        numbers[i] = drawn;
      }
      return numbers;
    },
  };
}

/** Key of a node's left or right child: every path from the root has a key of its own. */
export function childKey(key: number, side: 0 | 1): number {
  return mix((key + (side === 0 ? 0x9e3779b9 : 0x7f4a7c15)) | 0);
}

/** Shuffles `numbers` in place, the same way for the same key. */
export function shuffleByKey(key: number, numbers: Uint8Array): void {
  let state = key;
  for (let i = 0; i + 1 < numbers.length; i++) {
    state = (state + 0x9e3779b9) | 0;
    const drawn = (mix(state) >>> 0) / 2 ** 32;
    const j = i + Math.floor(drawn * (numbers.length - i));
    const number = numbers[j]!;
    numbers[j] = numbers[i]!;
    numbers[i] = number;
  }
}

/**
 * Marks `size` of the rows with 1 and the others with 0; each choice is as likely (Knuth's
 * algorithm S).
 */
export function selectRows(marks: Uint8Array, size: number, random: Random): void {
  let wanted = size;
  for (let row = 0; row < marks.length; row++) {
    const taken = random.integer(marks.length - row) < wanted;
    marks[row] = taken ? 1 : 0;
    if (taken) wanted--;
  }
}

/**
 * Row number `i` of a sample with one row out of every `step`: somewhere among them, since rows
 * often come in patterns.
 */
export function samplePlace(i: number, step: number, rows: number): number {
  return Math.min(rows - 1, i * step + Math.floor((mix(i) >>> 0) / 2 ** 32 * step));
}

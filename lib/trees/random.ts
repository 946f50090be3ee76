/**
 * A seeded generator of pseudo-random 32-bit integers: sfc32 (C. Doty-Humphrey, PractRand), seeded
 * by splitmix32 so that near seeds give unrelated streams. Integer arithmetic only, so that every
 * engine draws the same numbers.
 */
export interface Random {
  /** A whole number from 0 to `bound` - 1; `bound` at most 2^32. */
  integer(bound: number): number;
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
 * const random = createRandom(42, 0);
 * console.log(random.integer(6) + 1); // a die
 * ```
 */
export function createRandom(seed: number, stream = 0): Random {
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0;
  const splitmix = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = splitmix(), b = splitmix(), c = splitmix(), counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return { integer: (bound) => Math.floor(next() / 2 ** 32 * bound) };
}

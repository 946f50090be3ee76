/**
 * Lets a number of tasks run at once; the others wait for their turn, in the order they came.
 *
 * @example
 * ```ts
 * import { Limiter } from "./limiter.ts";
 * const limiter = new Limiter(8);
 * const urls = ["http://127.0.0.1:5000/health", "http://127.0.0.1:5000/version"];
 * await Promise.all(urls.map((url) => limiter.run(() => fetch(url))));
 * ```
 */
export class Limiter {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** @param count How many at once, at least 1. */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs a task when it is its turn.
   *
   * @param signal Ends the wait for a turn, which then throws the signal's reason.
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    try {
      return await task();
    } finally {
      this.#passOn();
    }
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      this.#waiting.delete(resolve);
      reject(signal?.reason);
    };
    this.#waiting.add(resolve);
    signal?.addEventListener("abort", leave, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
    } else {
      this.#waiting.delete(next);
      next();
    }
  }
}

import { Problem } from "./problem.ts";

/** Seconds between looks at what is late. */
const LOOK = 0.5;

/**
 * Makes a function that waits for a promise, and throws where it takes too long. One timer looks
 * after all that is waited for: a timer for each request would take longer than a forecast.
 *
 * @param seconds How long is too long; it may be half a second more.
 * @param detail A sentence for whoever is late.
 *
 * @example
 * ```ts
 * import { createDeadline } from "./deadline.ts";
 * const within = createDeadline(30, "Expected the whole body within 30 s, but it did not arrive.");
 * console.log(await within(Promise.resolve("here"))); // here
 * ```
 */
export function createDeadline(
  seconds: number,
  detail: string,
): <T>(promise: Promise<T>) => Promise<T> {
  const waiting = new Set<{ since: number; reject: (problem: Problem) => void }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** How often it was looked: a clock that costs nothing to read. */
  let looks = 0;
  const look = () => {
    timer = undefined;
    looks++;
    for (const each of waiting) {
      // The first look may come right after.
      if (looks - each.since <= seconds / LOOK) continue;
      waiting.delete(each);
      each.reject(new Problem(408, detail));
    }
    if (waiting.size > 0) timer = setTimeout(look, 1000 * LOOK);
  };
  return (promise) =>
    new Promise((resolve, reject) => {
      const entry = { since: looks, reject };
      waiting.add(entry);
      timer ??= setTimeout(look, 1000 * LOOK);
      promise.then((value) => {
        waiting.delete(entry);
        resolve(value);
      }, (error) => {
        waiting.delete(entry);
        reject(error);
      });
    });
}

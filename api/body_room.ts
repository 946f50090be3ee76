import { Problem } from "./problem.ts";

/**
 * Room for the bodies of all requests that are answered at once: however many come, they take a known
 * part of the memory.
 *
 * @example
 * ```ts
 * import { BodyRoom } from "./body_room.ts";
 * const room = new BodyRoom(100);
 * const request = new Request("http://host/");
 * room.take(request, 60);
 * room.free(request);
 * room.take(request, 60); // Without free(): a Problem with status 429.
 * ```
 */
export class BodyRoom {
  readonly #most: number;
  readonly #taken = new Map<Request, number>();
  #total = 0;

  /** @param most In bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes room for bytes that have come with a request, beside what it has.
   *
   * @throws {Problem} 429 where there is none left.
   */
  take(request: Request, bytes: number): void {
    if (this.#total + bytes > this.#most) {
      throw new Problem(
        429,
        `Expected at most ${this.#most} bytes in the bodies of all requests at once. Try again ` +
          "later, or send fewer records at a time.",
        { retryAfter: 1 },
      );
    }
    this.#total += bytes;
    this.#taken.set(request, (this.#taken.get(request) ?? 0) + bytes);
  }

  /** Gives back all that a request has, once it is answered. */
  free(request: Request): void {
    const bytes = this.#taken.get(request);
    if (bytes === undefined) return;
    this.#taken.delete(request);
    this.#total -= bytes;
  }
}

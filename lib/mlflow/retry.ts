import { RequestError } from "./request_error.ts";

/** Waits; a signal ends the wait by throwing. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** How often a request is sent at most. */
export const MAX_TRIES = 5;

const BASE = 500;
const MAX_WAIT = 60_000;

/**
 * Milliseconds to wait before the next try: exponential backoff with full jitter, so that clients
 * that failed together do not come back together. Never less than the server asks for.
 *
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @param tries How often it was tried, at least 1.
 * @param retryAfter What the server asks for, in milliseconds, or null.
 * @param random Gives numbers from 0 to below 1.
 */
export function retryDelay(
  tries: number,
  retryAfter: number | null,
  random: () => number = Math.random,
): number {
  return (retryAfter ?? 0) + random() * BASE * 2 ** (tries - 1);
}

/**
 * Milliseconds that a `Retry-After` header asks for, or null where it has no such meaning.
 *
 * @param header Seconds or a date, as RFC 9110 has them.
 * @param now Milliseconds since 1970.
 */
export function parseRetryAfter(header: string | null, now: number = Date.now()): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Tries until it works, at most {@linkcode MAX_TRIES} times: that is eight seconds at most where the
 * server does not ask for more, and a minute where it does.
 *
 * @param attempt Tries once. Tried again is only after a {@linkcode RequestError} that may pass.
 * @param once For what must not happen twice: not tried again once it may have reached the server.
 * @param sleep Waits between two tries.
 * @throws The error of the last try.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { once, sleep }: { once: boolean; sleep: (milliseconds: number) => Promise<void> },
): Promise<T> {
  let waited = 0;
  for (let tries = 1;; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RequestError) || !error.mayPass || tries === MAX_TRIES) throw error;
      if (once && error.mayBeDone) throw error;
      const delay = retryDelay(tries, error.retryAfter);
      waited += delay;
      if (waited > MAX_WAIT) throw error;
      await sleep(delay);
    }
  }
}

import type { Context } from "hono";

/** What is known of a request, beside the request, while it is answered. */
export interface Exchange {
  /** Told back in the answer, and logged. */
  id: string;
  /** Of the URL, decoded. */
  path: string;
  /** Whether the answer was made with all its headers. */
  isWhole: boolean;
  /** Resolves at the end of an answer that goes on after its beginning. */
  sending: Promise<void> | undefined;
}

/** What is known of the request of a context. */
export function exchangeOf(context: Context): Exchange {
  return context.env;
}

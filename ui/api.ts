import type { Config } from "./config.ts";
import { problemResponse } from "./failures.ts";

/** What a call sends. */
export interface Call {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string | ReadableStream<Uint8Array> | null;
  /** Ends the call when who asked for it is gone. */
  signal?: AbortSignal;
}

/** Calls the prediction API; `path` begins with a slash. */
export type CallApi = (path: string, call?: Call) => Promise<Response>;

/** How long to wait before the first repetition, in milliseconds; twice as long before each next. */
const FIRST_PAUSE = 200;

/**
 * A function that calls the API. It always returns an answer: where the API is not reached, or does
 * not begin to answer in time, one like the API's own problems, with status 502 or 504.
 *
 * Calls whose body can be sent again are repeated: forecasts change nothing, so each call of ours may
 * be made twice. A body that streams is gone once it is sent, and its sender has to repeat it.
 */
export function createApi(
  { apiUrl, apiKey, timeout, retries }: Pick<Config, "apiUrl" | "apiKey" | "timeout" | "retries">,
): CallApi {
  return async (path, call = {}) => {
    const most = call.body instanceof ReadableStream ? 0 : retries;
    for (let attempt = 0;; attempt++) {
      try {
        return await callOnce(path, call);
      } catch (error) {
        if (call.signal?.aborted) throw call.signal.reason;
        if (attempt >= most) return failureResponse(error, timeout);
      }
      await new Promise((done) => setTimeout(done, FIRST_PAUSE * 2 ** attempt));
    }
  };

  async function callOnce(path: string, { method = "GET", headers = {}, body, signal }: Call) {
    // Counts until the answer begins: one that streams may take as long as it likes to end.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException("late", "TimeoutError")), timeout);
    try {
      return await fetch(apiUrl + path, {
        method,
        headers: { ...headers, ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
        body: body ?? null,
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

function failureResponse(error: unknown, timeout: number): Response {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return problemResponse(
      504,
      `The forecast service did not answer within ${timeout / 1000} seconds. ` +
        "It may be busy: try again in a moment.",
    );
  }
  return problemResponse(
    502,
    "The forecast service does not answer. It may be starting, or stopped: try again in a moment.",
  );
}

import type { Context } from "hono";
import { type Exchange, exchangeOf } from "./exchange.ts";
import type { Problem } from "./problem.ts";

/** Headers of every answer but those of `wholeAnswer()`: it is data, and nobody's to keep. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/**
 * An answer with forecasts, as JSON, with all its headers. What answers most requests has no more of
 * them than it needs: each takes as long as a tenth of a forecast, and longer where they are given
 * with the body. Nobody keeps what answers a POST, and no form can send the JSON that would show it in
 * a frame.
 *
 * @param version Of the model.
 */
export function wholeAnswer(context: Context, value: unknown, version: string): Response {
  const exchange = exchangeOf(context);
  exchange.isWhole = true;
  const response = Response.json(value);
  const { headers } = response;
  headers.append("x-content-type-options", "nosniff");
  headers.append("x-request-id", exchange.id);
  headers.append("x-model-version", version);
  return response;
}

/** What the answer is made of that says what went wrong. */
export function problemParts({ id, path }: Exchange, problem: Problem) {
  const { status, headers } = problem;
  // The Open Inference Protocol has a form of its own.
  const isInference = /^\/v2(\/|$)/.test(path);
  const body = isInference ? { error: problem.message } : problem.body(id);
  return {
    body: JSON.stringify(body),
    status,
    headers: isInference ? { ...headers, "content-type": "application/json" } : headers,
  };
}

/** Adds {@linkcode HEADERS} to an answer that is not whole, but for those that it has otherwise. */
export function completeAnswer(response: Response, { id, isWhole }: Exchange): void {
  // Asked first: the server takes an answer whose headers were looked at by a longer way.
  if (isWhole) return;
  const { headers } = response;
  headers.set("x-request-id", id);
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

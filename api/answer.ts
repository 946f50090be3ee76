import type { Context } from "hono";

/** Headers of every answer: it is data, not a page, and nobody's to keep. */
const HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

const ID = "requestId" as never, IS_WHOLE = "isWhole" as never;

/** Gives a request its id. */
export function setRequestId(context: Context, id: string): void {
  context.set(ID, id);
}

/** The id of a request. */
export function requestId(context: Context): string {
  return context.get(ID);
}

/**
 * An answer of JSON with all its headers. What answers most requests says so at once: adding headers
 * one by one to an answer takes longer than a forecast.
 */
export function wholeAnswer(
  context: Context,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): Response {
  context.set(IS_WHOLE, true as never);
  return new Response(JSON.stringify(value), {
    headers: {
      ...HEADERS,
      "content-type": "application/json",
      "x-request-id": requestId(context),
      ...headers,
    },
  });
}

/** Adds to an answer the headers that every answer has, but for those that it has otherwise. */
export function completeAnswer(context: Context): void {
  if (context.get(IS_WHOLE) === true) return;
  const { headers } = context.res;
  headers.set("x-request-id", requestId(context));
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

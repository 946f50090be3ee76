import type { MiddlewareHandler } from "hono";

/** What a page may load: only what this server serves, and no style or script within the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Sets the headers that keep a page to itself. */
export const secureHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  headers.set("content-security-policy", POLICY);
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-frame-options", "DENY");
  // With none at all, browsers would send no origin with a form either.
  headers.set("referrer-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-resource-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), geolocation=(), microphone=()");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
};

/**
 * Whether a request comes from a page of this server, by what browsers say and pages cannot change.
 *
 * @example
 * ```ts
 * import { isOurs } from "./security.ts";
 * const url = "http://localhost:8501/";
 * console.log(isOurs(new Request(url, { headers: { origin: "http://elsewhere" } }))); // false
 * ```
 */
export function isOurs(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  // Older browsers, and those that reach this server by plain HTTP under a name.
  const origin = URL.parse(request.headers.get("origin") ?? "");
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return origin?.host === host;
}

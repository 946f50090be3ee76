import type { MiddlewareHandler } from "hono";
import { Problem } from "./problem.ts";

/** Whether a path is one that whoever watches the server asks: always answered, without a key. */
export function isHealth(path: string): boolean {
  return /^\/(v2\/)?health(\/|$)/.test(path);
}

/** Whether a path needs no key: those of health, and what the API can do, which is no secret. */
function isOpen(path: string): boolean {
  return isHealth(path) || /^\/(openapi\.json|docs|docs\.js|docs\.css)$/.test(path);
}

/**
 * Lets only requests in that bring one of the keys, as `Authorization: Bearer KEY` or `x-api-key:
 * KEY`. The server knows nothing but the keys' hashes, and takes the same time for each that is wrong.
 *
 * @param hashes SHA-256 of each key, in hexadecimal digits.
 */
export function requireKey(hashes: readonly string[]): MiddlewareHandler {
  const known = hashes.map((hash) => Uint8Array.fromHex(hash.toLowerCase()));
  return async (context, next) => {
    if (isOpen(context.req.path)) return await next();
    const bearer = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    const key = bearer ?? context.req.header("x-api-key");
    const bytes = new TextEncoder().encode(key ?? "");
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    // All are compared, byte by byte to the end, whether one matches or not.
    let matches = 0;
    for (const hash of known) {
      let difference = 0;
      for (let i = 0; i < digest.length; i++) difference |= digest[i]! ^ hash[i]!;
      matches += difference === 0 ? 1 : 0;
    }
    if (key === undefined || matches === 0) {
      throw new Problem(
        401,
        `Expected an API key that is let in, but found ${
          key === undefined ? "none" : "another"
        }. ` +
          "Send it as `Authorization: Bearer KEY` or `x-api-key: KEY`.",
      );
    }
    await next();
  };
}

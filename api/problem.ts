/** What is wrong with one value of a request. */
export interface ProblemError {
  /** Index of the record, from 0. */
  record?: number;
  field?: string;
  /** For programs, such as `out_of_range`. */
  code: string;
  /** A sentence for people. */
  message: string;
}

/** What a {@linkcode Problem} has beside its sentence. */
export interface ProblemOptions {
  errors?: ProblemError[];
  /** Seconds after which it is worth trying again. */
  retryAfter?: number;
  /** Methods that the route knows, as the header `Allow` has them. */
  allow?: string;
}

/** Titles by status, as RFC 9110 has them. */
const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Status of a {@linkcode Problem}. */
export type ProblemStatus = keyof typeof TITLES;

/**
 * An answer that says what went wrong, as problem+json of RFC 9457: thrown anywhere in a route.
 *
 * @example
 * ```ts
 * import { Problem } from "./problem.ts";
 * const problem = new Problem(404, 'There is no model "x". There are gbr and rf.');
 * console.log(problem.body("some-id")); // { type: "about:blank", title: "Not Found", ... }
 * ```
 */
export class Problem extends Error {
  override readonly name = "Problem";

  /**
   * @param status HTTP status.
   * @param detail A sentence for people: what, where, what was expected, what to do.
   */
  constructor(
    readonly status: ProblemStatus,
    detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }

  /** @param requestId Of the request that this answers. */
  body(requestId: string) {
    const { errors } = this.options;
    return {
      type: "about:blank",
      title: TITLES[this.status],
      status: this.status,
      detail: this.message,
      request_id: requestId,
      ...errors && { errors },
    };
  }

  get headers(): Record<string, string> {
    const { retryAfter, allow } = this.options;
    return {
      "content-type": "application/problem+json",
      ...retryAfter !== undefined && { "retry-after": String(retryAfter) },
      ...allow !== undefined && { allow },
      ...this.status === 401 && { "www-authenticate": 'Bearer realm="retail-demand"' },
    };
  }
}

/**
 * What {@linkcode MlflowClient} says where a request fails. Each message names the host and what to
 * do, and none repeats what the server answered beyond MLflow's own error text, from which logins
 * are taken out: some servers send back what they were sent.
 *
 * @module
 */

import { z } from "zod";
import { UserError } from "../errors.ts";
import { RequestError } from "./request_error.ts";
import { parseRetryAfter } from "./retry.ts";
import { withoutSecrets } from "./secrets.ts";

/** A request, as far as messages name it. */
export interface RequestFacts {
  /** The server's address, without credentials. */
  url: string;
  /** Method and path. */
  name: string;
  /** What of the login must not be shown; empty where none was sent. */
  secrets: readonly string[];
}

const AGAIN = "then run the command again.";

/** The answer, or null where the server refused with this code. */
export async function unless<T>(code: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RequestError && error.code === code) return null;
    throw error;
  }
}

/**
 * What is wrong where `fetch` threw.
 *
 * @param timeout How many seconds it had.
 * @returns An error that the user can mend, or `error` itself.
 */
export function explainFetchError(error: unknown, url: string, timeout: number): unknown {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new RequestError(
      `MLflow at ${url} did not answer within ${timeout} s. Check the server and the network, ` +
        AGAIN,
      {},
    );
  }
  if (error instanceof Deno.errors.NotCapable) return error;
  if (error instanceof TypeError || error instanceof Deno.errors.Http) {
    const cause = innermost(error);
    return new RequestError(
      `MLflow at ${url} cannot be reached${reason(cause)}. ` +
        `Check that it runs and that the tracking URI is right, ${AGAIN}`,
      // Where there was no connection, nothing was sent on it.
      { mayPass: true, mayBeDone: !cause.message.includes("client error (Connect)") },
    );
  }
  return error;
}

const errorSchema = z.object({
  error_code: z.string().regex(/^[A-Z_]+$/),
  message: z.string().default(""),
});

/** What is wrong where the server answered with another status than 2xx. */
export function explainStatus(response: Response, text: string, facts: RequestFacts): RequestError {
  const { url, name } = facts;
  const { status } = response;
  const known = errorSchema.safeParse(parseJson(text));
  const store = explainStore(known.data?.message ?? text, url);
  if (store !== null && status >= 500) return new RequestError(store, { status });
  const passing = {
    status,
    mayPass: status === 429 || status >= 500 && status !== 501 && status !== 505,
    retryAfter: parseRetryAfter(response.headers.get("retry-after")),
  };
  if (known.success && status !== 401 && status !== 403) {
    const { error_code: code, message } = known.data;
    const words = withoutSecrets(firstLine(message), facts.secrets).replace(/[.:]?$/, ".");
    return new RequestError(`MLflow at ${url} refused ${name}: ${code}: ${words}`, {
      ...passing,
      code,
    });
  }
  return new RequestError(explainPlainStatus(response, facts), passing);
}

/** What is wrong with what the server writes to, where its words say it and no try will help. */
function explainStore(message: string, url: string): string | null {
  // As sqlite, PostgreSQL and MySQL put it, somewhere in the lines that SQLAlchemy makes of it.
  if (/readonly database|read-only (transaction|option)/i.test(message)) {
    return `MLflow at ${url} cannot write its store, which is read-only: make the store writable ` +
      `for the server, ${AGAIN}`;
  }
  // As the system, sqlite and MySQL put it. PostgreSQL repeats the system.
  if (/no space left on device|disk is full|the table '.*' is full/i.test(message)) {
    return `MLflow at ${url} cannot write, since a disk of the server is full: free some space ` +
      `there, ${AGAIN}`;
  }
  if (message.includes("--no-serve-artifacts")) {
    return `MLflow at ${url} takes no artifacts: start it without --no-serve-artifacts, ${AGAIN}`;
  }
  return null;
}

function explainPlainStatus(response: Response, { url, name, secrets }: RequestFacts): string {
  const { status } = response;
  const advice = `${secrets.length > 0 ? "Check" : "Set"} MLFLOW_TRACKING_TOKEN, or ` +
    "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.";
  switch (status) {
    case 401:
      return `MLflow at ${url} wants a valid login (HTTP 401). ${advice}`;
    case 403:
      return `MLflow at ${url} does not allow ${name} (HTTP 403). Ask for the right to do that ` +
        `there, or start the server with this host among its --allowed-hosts. ${advice}`;
    case 404:
      return `${url} answers, but has no ${name} (HTTP 404). ` +
        "Check that the tracking URI is that of an MLflow 3 server.";
    case 413:
      return `MLflow at ${url} refused ${name} as too large (HTTP 413). Raise the limit of the ` +
        `server, or of the proxy before it, ${AGAIN}`;
    case 429: {
      const wait = parseRetryAfter(response.headers.get("retry-after"));
      return `MLflow at ${url} has too many requests (HTTP 429). ` +
        `Wait ${wait === null ? "a little" : `${Math.ceil(wait / 1000)} s`}, ${AGAIN}`;
    }
  }
  if (status >= 300 && status < 400) {
    const location = URL.parse(response.headers.get("location") ?? "", url);
    return `${url} redirects to ${location?.origin ?? "another address"} (HTTP ${status}). ` +
      "Give the address that MLflow itself has as the tracking URI.";
  }
  // MLflow says no more where it cannot write an artifact.
  const guess = name.startsWith("PUT ") && status === 500
    ? "Its disk may be full, or its folder of artifacts not writable: see"
    : "See";
  return `MLflow at ${url} failed on ${name} (HTTP ${status}). ${guess} the server's log, ${AGAIN}`;
}

/** What is wrong where the answer is not shaped as MLflow's. */
export function explainShape(error: z.ZodError, { url, name }: RequestFacts): UserError {
  const issue = error.issues[0]!;
  return new UserError(
    `${url} answers ${name}, but not as MLflow does ` +
      `(${issue.path.join(".") || "body"}: ${issue.message}). ` +
      "Check that the tracking URI is that of an MLflow 3 server.",
  );
}

/** What to do about an experiment that was deleted. */
export function explainDeleted(experiment: string, id: string, url: string): UserError {
  return new UserError(
    `The experiment "${experiment}" was deleted on ${url}. Restore it with ` +
      `\`mlflow experiments restore -x ${id}\`, or give another name with --experiment.`,
  );
}

/** What to do about artifacts that the server does not take itself. */
export function explainArtifactStore(artifactUri: string, url: string): UserError {
  return new UserError(
    `MLflow at ${url} keeps this experiment's artifacts at ${withoutSecrets(artifactUri, [])}, ` +
      "which only MLflow's Python client can reach. Give another experiment with --experiment, on " +
      "a server that was started with --artifacts-destination.",
  );
}

/** The value of a JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.slice(0, 300);
}

/** The innermost cause, which says more than "fetch failed". */
function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

function reason({ message }: Error): string {
  const words = /connection refused|dns error|certificate|connection reset|unreachable|closed/i
    .exec(message)?.[0].toLowerCase();
  return words ? ` (${words})` : "";
}

/**
 * What {@linkcode MlflowClient} says where a request fails. Each message names the host and what to
 * do, and none repeats what the server answered beyond MLflow's own error text: some servers send
 * back what they were sent, the login among it.
 *
 * @module
 */

import { z } from "zod";
import { UserError } from "../errors.ts";

/** A request, as far as messages name it. */
export interface RequestFacts {
  /** The server's address, without credentials. */
  url: string;
  /** Method and path. */
  name: string;
  /** Whether a login was sent with it. */
  withLogin: boolean;
}

const errorSchema = z.object({ error_code: z.string(), message: z.string().default("") });

/** The server understood a request and refused it. */
class Refusal extends UserError {
  constructor(message: string, readonly code: string) {
    super(message);
  }
}

/** The answer, or null where the server refused with this code. */
export async function unless<T>(code: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal && error.code === code) return null;
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
    return new UserError(
      `MLflow at ${url} did not answer within ${timeout} s. ` +
        "Check the server and the network, then run `deno task log`.",
    );
  }
  if (error instanceof Deno.errors.NotCapable) return error;
  if (error instanceof TypeError || error instanceof Deno.errors.Http) {
    return new UserError(
      `MLflow at ${url} cannot be reached${reason(error)}. ` +
        "Check that it runs and that the tracking URI is right, then run `deno task log`.",
    );
  }
  return error;
}

/** What is wrong where the server answered with another status than 2xx. */
export function explainStatus(
  response: Response,
  answer: unknown,
  { url, name, withLogin }: RequestFacts,
): UserError {
  const { status } = response;
  const known = errorSchema.safeParse(answer);
  if (known.success && status !== 401 && status !== 403) {
    const { error_code: code, message } = known.data;
    // As sqlite, PostgreSQL and MySQL put it, somewhere in the lines that SQLAlchemy makes of it.
    if (/readonly database|read-only (transaction|option)/i.test(message)) {
      return new UserError(
        `MLflow at ${url} cannot write its store, which is read-only: make the store writable for ` +
          "the server, then run `deno task log`.",
      );
    }
    return new Refusal(
      `MLflow at ${url} refused ${name}: ${code}: ${firstLine(message)}`,
      code,
    );
  }
  const advice = `${withLogin ? "Check" : "Set"} MLFLOW_TRACKING_TOKEN, or ` +
    "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.";
  if (status === 401) {
    return new UserError(`MLflow at ${url} wants a valid login (HTTP 401). ${advice}`);
  }
  if (status === 403) {
    return new UserError(
      `MLflow at ${url} does not allow ${name} (HTTP 403). Ask for the right to write ` +
        `there, or start the server with this host among its --allowed-hosts. ${advice}`,
    );
  }
  if (status === 404) {
    return new UserError(
      `${url} answers, but has no ${name} (HTTP 404). ` +
        "Check that the tracking URI is that of an MLflow 3 server.",
    );
  }
  if (status >= 300 && status < 400) {
    const location = URL.parse(response.headers.get("location") ?? "", url);
    return new UserError(
      `${url} redirects to ${location?.origin ?? "another address"} (HTTP ${status}). ` +
        "Give the address that MLflow itself has as the tracking URI.",
    );
  }
  return new UserError(
    `MLflow at ${url} failed on ${name} (HTTP ${status}). ` +
      "See the server's log, then run `deno task log`.",
  );
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
    `MLflow at ${url} keeps this experiment's artifacts at ${artifactUri}, where ` +
      "only MLflow's Python client can write. Give another experiment with --experiment, on a " +
      "server that was started with --artifacts-destination.",
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.slice(0, 300);
}

/** The innermost cause, which says more than "error sending request". */
function reason(error: Error): string {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  const text = cause instanceof Error ? firstLine(cause.message) : "";
  const words = /connection refused|dns error|certificate|connection reset|unreachable|closed/i
    .exec(text)?.[0].toLowerCase();
  return words ? ` (${words})` : "";
}

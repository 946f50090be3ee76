/**
 * An error that the user can mend: bad input, a missing tool, a server that is down. Its message
 * is one sentence or two that say what is wrong, where, what was expected and what to do.
 * {@linkcode runCommand} prints it without a stack trace; any other error is our bug and keeps
 * its trace.
 *
 * @example
 * ```ts
 * import { UserError } from "./errors.ts";
 * throw new UserError("data/train.csv is missing. Run `deno task data` to fetch or make it.");
 * ```
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

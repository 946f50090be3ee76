import { UserError } from "../errors.ts";

/** A repository on GitHub, and who asks. */
export interface Repository {
  /** Address of the API, without a slash at the end. */
  api: string;
  /** `OWNER/NAME`. */
  name: string;
  /** Shown nowhere. */
  token: string;
}

/** Where the API is, unless GITHUB_API_URL says otherwise, as it does in a company's own GitHub. */
const PUBLIC_API = "https://api.github.com";

/**
 * The repository by its name, and the login that a variable of the environment holds.
 *
 * @param name `OWNER/NAME`.
 * @param nameFrom Option or variable that it was given in, for the error.
 * @param tokenName Variable with the token.
 * @param get Value of a variable of the environment.
 * @throws {UserError} where there is no such name or no token.
 *
 * @example
 * ```ts
 * import { openRepository } from "./client.ts";
 * const get = (name: string) => name === "GITHUB_TOKEN" ? "secret" : undefined;
 * console.log(openRepository("o/r", "--github", "GITHUB_TOKEN", get).api); // "https://api.github.com"
 * ```
 */
export function openRepository(
  name: string,
  nameFrom: string,
  tokenName: string,
  get: (name: string) => string | undefined,
): Repository {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) {
    throw new UserError(
      `Expected a GitHub repository as OWNER/NAME in ${nameFrom}, but found "${name}".`,
    );
  }
  const token = get(tokenName);
  if (!token) {
    throw new UserError(`${tokenName} is not set. Set it to a token of GitHub for ${name}.`);
  }
  return { api: (get("GITHUB_API_URL") || PUBLIC_API).replace(/\/+$/, ""), name, token };
}

/**
 * Asks GitHub's REST API something about a repository.
 *
 * @param path Below the repository, for example `dispatches`.
 * @param body Sent as JSON where there is one.
 * @returns The answer, or `undefined` where it is empty.
 * @throws {UserError} where GitHub is not reached or refuses; without the token.
 */
export async function askGitHub(
  { api, name, token }: Repository,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const what = `${method} ${api}/repos/${name}/${path}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${api}/repos/${name}/${path}`, {
      method,
      headers: {
        "accept": "application/vnd.github+json",
        "authorization": `Bearer ${token}`,
        "user-agent": "retail-demand",
        "x-github-api-version": "2022-11-28",
      },
      // A redirect could carry the token elsewhere.
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
      ...body !== undefined && { body: JSON.stringify(body) },
    });
    text = await response.text();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    throw new UserError(`${what} got no answer. Check the network and run again.`);
  }
  if (!response.ok) {
    throw new UserError(
      `${what} was refused with status ${response.status}. Check that the token may do that` +
        `${response.status === 404 ? " and that the repository is there" : ""}.`,
    );
  }
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(
      `${what} was answered by something else than GitHub. Check GITHUB_API_URL.`,
    );
  }
}

import { UserError } from "../lib/errors.ts";

/** How the pages' server is set up. */
export interface Config {
  /** Where the prediction API is, without a slash at the end. */
  apiUrl: string;
  /** Sent to the API, never to the browser; none where the API asks for none. */
  apiKey: string | undefined;
  /** How long an answer of the API may take to begin, in milliseconds. */
  timeout: number;
  /** How often a call that reached nobody is made again. */
  retries: number;
  port: number;
  /** Set by `deno task ui:dev`: pages load themselves again when the program was changed. */
  reload: boolean;
}

/**
 * The configuration that variables of the environment give, with defaults for those that are not set.
 *
 * @param get Value of a variable, such as `Deno.env.get`.
 * @throws {UserError} where a value is not what its variable has to hold.
 *
 * @example
 * ```ts
 * import { readConfig } from "./config.ts";
 * console.log(readConfig(() => undefined).apiUrl); // http://localhost:8000
 * ```
 */
export function readConfig(get: (name: string) => string | undefined): Config {
  return {
    apiUrl: readUrl("API_URL", get("API_URL") || "http://localhost:8000"),
    apiKey: get("API_KEY") || undefined,
    timeout: 1000 * readNumber("API_TIMEOUT", get("API_TIMEOUT") || "10", 0.1, 600),
    retries: readNumber("API_RETRIES", get("API_RETRIES") || "2", 0, 10, true),
    port: readNumber("PORT", get("PORT") || "8501", 0, 65535, true),
    reload: get("UI_RELOAD") === "1",
  };
}

function readUrl(name: string, text: string): string {
  const url = URL.parse(text);
  if (url?.username || url?.password) {
    // Without its value, which is a secret.
    throw new UserError(
      `${name} has a user's name or password in it: expected an address such as ` +
        "http://localhost:8000. Leave them out, set API_KEY, and start again.",
    );
  }
  // What follows a question mark would swallow the paths that are put at the end.
  if (url && /^https?:$/.test(url.protocol) && !/[?#]/.test(text)) return text.replace(/\/+$/, "");
  throw new UserError(
    `${name} is "${text}": expected an address such as http://localhost:8000. Set it and start again.`,
  );
}

function readNumber(name: string, text: string, min: number, max: number, whole = false): number {
  const value = Number(text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  const what = whole ? "a whole number" : "a number";
  throw new UserError(
    `${name} is "${text}": expected ${what} from ${min} to ${max}. Set it and start again.`,
  );
}

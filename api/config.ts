import { isAbsolute } from "node:path";
import { UserError } from "../lib/errors.ts";
import { show } from "../lib/features/check_value.ts";

/**
 * What the text of a variable means, `undefined` where it is wrong. Not by schemas of zod, which takes
 * long to import: the API is to answer soon after its start.
 */
type Reader<T> = (text: string) => T | undefined;

const matching = (pattern: RegExp): Reader<string> => (text) =>
  pattern.test(text) ? text : undefined;

const wholeNumber = (min: number, max: number): Reader<number> => (text) => {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  // So written that NaN is refused.
  return value >= min && value <= max ? value : undefined;
};

const listOf = (isRight: (part: string) => boolean): Reader<string[]> => (text) => {
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  return parts.every(isRight) ? parts : undefined;
};

/** A variable of the environment that configures the API. */
interface Variable<T = unknown> {
  read: Reader<T>;
  /** Used where the variable is not set; none where it may stay unset. */
  fallback?: string;
  /** What a value has to be, in words that follow "Expected". */
  expected: string;
  description: string;
  /** Whether a wrong value is not to be shown: it may be the secret itself. */
  secret?: true;
}

/** The API's configuration, by variable. */
export interface Config {
  MODELS_DIR: string;
  MODEL_PATH: string | undefined;
  DEFAULT_MODEL_NAME: string | undefined;
  PORT: number;
  HOST: string;
  API_KEY_HASHES: string[];
  CORS_ORIGINS: string[];
  MAX_BODY_BYTES: number;
  MAX_RECORDS: number;
  REQUEST_TIMEOUT: number;
  MODELS_POLL_SECONDS: number;
  SHUTDOWN_SECONDS: number;
}

/** Every variable that the API reads, in the order of `--help`. */
export const VARIABLES: { readonly [Name in keyof Config]: Variable<Config[Name]> } = {
  MODELS_DIR: {
    read: matching(/./s),
    fallback: "models",
    expected: "a folder",
    description: "folder of model files, all of which are served",
  },
  MODEL_PATH: {
    read: (path) => isAbsolute(path) && path.endsWith(".json") ? path : undefined,
    expected: "the absolute path of a model's .json file",
    description: "absolute path of one model file, served instead of a folder's",
  },
  DEFAULT_MODEL_NAME: {
    read: matching(/^[\w.-]+$/),
    expected: "the name of a model file without .json",
    description: "model that answers where a request names none; without: model, else the first",
  },
  PORT: {
    read: wholeNumber(0, 65_535),
    fallback: "8000",
    expected: "a port from 0 to 65535",
    description: "port to listen on; 0: any that is free",
  },
  HOST: {
    read: matching(/^[\w.:-]+$/),
    fallback: "127.0.0.1",
    expected: "a host name or IP address",
    description: "address to listen on; 0.0.0.0: all of this machine",
  },
  API_KEY_HASHES: {
    read: listOf((part) => /^[0-9a-f]{64}$/i.test(part)),
    fallback: "",
    expected: "SHA-256 hashes of 64 hexadecimal digits, separated by commas",
    description: "SHA-256 hashes of the API keys that are let in; empty: everybody",
    secret: true,
  },
  CORS_ORIGINS: {
    read: listOf(isOrigin),
    fallback: "",
    expected: "origins such as https://plan.example.com, separated by commas",
    description: "web pages of other origins that may call the API; empty: none",
  },
  MAX_BODY_BYTES: {
    read: wholeNumber(1, 2 ** 30),
    fallback: String(16 * 2 ** 20),
    expected: "a number of bytes from 1 to 1073741824",
    description: "most bytes of a request's body; /predict/batch has no limit",
  },
  MAX_RECORDS: {
    read: wholeNumber(1, 1_000_000),
    fallback: "10000",
    expected: "a number of records from 1 to 1000000",
    description: "most records of a request; /predict/batch has no limit",
  },
  REQUEST_TIMEOUT: {
    read: wholeNumber(1, 3600),
    fallback: "30",
    expected: "a number of seconds from 1 to 3600",
    description: "seconds in which a request has to arrive; of a batch: its next kilobyte",
  },
  MODELS_POLL_SECONDS: {
    read: wholeNumber(0, 3600),
    fallback: "2",
    expected: "a number of seconds from 0 to 3600",
    description: "seconds between looks at the model files for changes; 0: never",
  },
  SHUTDOWN_SECONDS: {
    read: wholeNumber(0, 600),
    fallback: "10",
    expected: "a number of seconds from 0 to 600",
    description: "seconds that requests under way are given to end when the server is stopped",
  },
};

/**
 * Reads the configuration; empty variables count as not set.
 *
 * @param get Value of a variable of the environment.
 * @throws {UserError} naming the first variable with a wrong value.
 *
 * @example
 * ```ts
 * import { readConfig } from "./config.ts";
 * console.log(readConfig(() => undefined).PORT); // 8000
 * ```
 */
export function readConfig(get: (name: string) => string | undefined): Config {
  const entries = (Object.keys(VARIABLES) as (keyof Config)[]).map((name) => {
    const { read, fallback, expected, secret }: Variable = VARIABLES[name];
    const text = get(name) || undefined;
    const given = text ?? fallback;
    const value = given === undefined ? undefined : read(given);
    if (given !== undefined && value === undefined) {
      const found = secret ? "something else" : show(text);
      throw new UserError(`Expected ${expected} for ${name}, but found ${found}.`);
    }
    return [name, value];
  });
  return Object.fromEntries(entries);
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}

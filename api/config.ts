import { isAbsolute } from "node:path";
import { z } from "zod";
import { UserError } from "../lib/errors.ts";
import { show } from "../lib/features/check_value.ts";

const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));

const list = z.string().transform((text) =>
  text.split(",").map((part) => part.trim()).filter((part) => part !== "")
);

/** A variable of the environment that configures the API. */
interface Variable<Schema extends z.ZodType = z.ZodType> {
  schema: Schema;
  /** Used where the variable is not set; none where it may stay unset. */
  fallback?: string;
  /** What a value has to be, in words that follow "Expected". */
  expected: string;
  description: string;
  /** Whether a wrong value is not to be shown: it may be the secret itself. */
  secret?: true;
}

const variable = <Schema extends z.ZodType>(definition: Variable<Schema>) => definition;

/** Every variable that the API reads, in the order of `--help`. */
export const VARIABLES = {
  MODELS_DIR: variable({
    schema: z.string().min(1),
    fallback: "models",
    expected: "a folder",
    description: "folder of model files, all of which are served",
  }),
  MODEL_PATH: variable({
    schema: z.string().refine((path) => isAbsolute(path) && path.endsWith(".json")).optional(),
    expected: "the absolute path of a model's .json file",
    description: "absolute path of one model file, served instead of a folder's",
  }),
  DEFAULT_MODEL_NAME: variable({
    schema: z.string().regex(/^[\w.-]+$/).optional(),
    expected: "the name of a model file without .json",
    description: "model that answers where a request names none; without: model, else the first",
  }),
  PORT: variable({
    schema: wholeNumber(0, 65_535),
    fallback: "8000",
    expected: "a port from 0 to 65535",
    description: "port to listen on; 0: any that is free",
  }),
  HOST: variable({
    schema: z.string().regex(/^[\w.:-]+$/),
    fallback: "127.0.0.1",
    expected: "a host name or IP address",
    description: "address to listen on; 0.0.0.0: all of this machine",
  }),
  API_KEY_HASHES: variable({
    schema: list.pipe(z.array(z.string().regex(/^[0-9a-f]{64}$/i))),
    fallback: "",
    expected: "SHA-256 hashes of 64 hexadecimal digits, separated by commas",
    description: "SHA-256 hashes of the API keys that are let in; empty: everybody",
    secret: true,
  }),
  CORS_ORIGINS: variable({
    schema: list.pipe(z.array(z.string().refine(isOrigin))),
    fallback: "",
    expected: "origins such as https://plan.example.com, separated by commas",
    description: "web pages of other origins that may call the API; empty: none",
  }),
  MAX_BODY_BYTES: variable({
    schema: wholeNumber(1, 2 ** 30),
    fallback: String(16 * 2 ** 20),
    expected: "a number of bytes from 1 to 1073741824",
    description: "most bytes of a request's body; /predict/batch has no limit",
  }),
  MAX_RECORDS: variable({
    schema: wholeNumber(1, 1_000_000),
    fallback: "10000",
    expected: "a number of records from 1 to 1000000",
    description: "most records of a request; /predict/batch has no limit",
  }),
  REQUEST_TIMEOUT: variable({
    schema: wholeNumber(1, 3600),
    fallback: "30",
    expected: "a number of seconds from 1 to 3600",
    description: "seconds in which a request has to arrive; of a batch: its next kilobyte",
  }),
  MODELS_POLL_SECONDS: variable({
    schema: wholeNumber(0, 3600),
    fallback: "2",
    expected: "a number of seconds from 0 to 3600",
    description: "seconds between looks at the model files for changes; 0: never",
  }),
  SHUTDOWN_SECONDS: variable({
    schema: wholeNumber(0, 600),
    fallback: "10",
    expected: "a number of seconds from 0 to 600",
    description: "seconds that requests under way are given to end when the server is stopped",
  }),
} as const;

type Name = keyof typeof VARIABLES;

/** The API's configuration, by variable. */
export type Config = { [N in Name]: z.output<typeof VARIABLES[N]["schema"]> };

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
  const entries = (Object.keys(VARIABLES) as Name[]).map((name) => {
    const { schema, fallback, expected, secret }: Variable = VARIABLES[name];
    const text = get(name) || undefined;
    const result = schema.safeParse(text ?? fallback);
    if (!result.success) {
      const found = secret ? "something else" : show(text);
      throw new UserError(`Expected ${expected} for ${name}, but found ${found}.`);
    }
    return [name, result.data];
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

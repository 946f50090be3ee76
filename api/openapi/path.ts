import { reference, type Schema } from "./schema.ts";

/** A route as the document describes it. */
export interface PathDescription {
  method: "get" | "post";
  path: string;
  /** One line. */
  summary: string;
  parameters?: Schema[];
  requestBody?: Schema;
  /** What it answers when all is well, by status. */
  answers: Record<string, Schema>;
  /** Statuses of its problems, beside 401 and 500. */
  problems?: number[];
  /** Whether it needs no key. */
  isOpen?: boolean;
}

/** A model and a record that requests may be made of. */
export interface Example {
  model: string;
  version: string;
  record: Record<string, unknown>;
}

/** The content of a body, of which each media type has a schema. */
export const content = (types: Record<string, Schema>) =>
  Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));

/** The header that every answer has. */
export const requestId = {
  description: "Of this request.",
  required: true,
  schema: { type: "string" },
};
const version: Schema = {
  description: "Version of the model that answered.",
  required: true,
  schema: { type: "string" },
};

/** An answer whose body is of one of some media types. */
export function answer(
  description: string,
  types: Record<string, Schema>,
  headers: Record<string, Schema> = {},
): Schema {
  return {
    description,
    headers: { "x-request-id": requestId, ...headers },
    content: content(types),
  };
}

/** An answer of JSON, of a schema among the components. */
export const json = (name: string, description: string, headers?: Record<string, Schema>) =>
  answer(description, { "application/json": reference(name) }, headers);

/** Headers of answers that a model gives. */
export const ofModel = { "x-model-version": version };

/** A problem as the answer of a path. */
export function problemAnswer(status: number, path: string): Schema {
  const headers: Record<string, Schema> = {};
  if (status === 429 || status === 503) {
    headers["retry-after"] = { description: "In seconds.", schema: { type: "integer" } };
  }
  if (status === 401) {
    headers["www-authenticate"] = { required: true, schema: { type: "string" } };
  }
  if (status === 405) headers["allow"] = { required: true, schema: { type: "string" } };
  const type = path.startsWith("/v2")
    ? { "application/json": reference("InferenceError") }
    : { "application/problem+json": reference("Problem") };
  return answer(PROBLEMS[status]!, type, headers);
}

const PROBLEMS: Record<number, string> = {
  400: "The body is empty, or cannot be read.",
  401: "No API key, or none that is let in.",
  404: "No such thing; the answer names those that there are.",
  405: "A method that the route does not know.",
  408: "The body did not arrive in time.",
  413: "Too long a body, or too many records.",
  415: "A content type, character set or compression that is not taken.",
  422: "What is in the request is wrong; `errors` has all of it.",
  429: "Too much at once.",
  500: "The server has made a mistake.",
  503: "No model yet, or the server is stopping.",
};

/** A part of a path. */
export const part = (name: string, description: string, example: unknown): Schema => ({
  name,
  in: "path",
  required: true,
  description,
  schema: { type: "string", minLength: 1 },
  ...example !== undefined && { example },
});

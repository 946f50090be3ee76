import { PERCENTS } from "../predict_request.ts";
import { reference, type Schema } from "./schemas.ts";

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

const content = (types: Record<string, Schema>) =>
  Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));

const requestId = { description: "Of this request.", required: true, schema: { type: "string" } };
const version = {
  description: "Version of the model that answered.",
  required: true,
  schema: { type: "string" },
};

function answer(
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

const json = (name: string, description: string, headers?: Record<string, Schema>) =>
  answer(description, { "application/json": reference(name) }, headers);

const ofModel = { "x-model-version": version };

/** A problem as an answer. */
export function problemAnswer(status: number): Schema {
  const headers: Record<string, Schema> = {};
  if (status === 429 || status === 503) {
    headers["retry-after"] = { description: "In seconds.", schema: { type: "integer" } };
  }
  if (status === 401) {
    headers["www-authenticate"] = { required: true, schema: { type: "string" } };
  }
  if (status === 405) headers["allow"] = { required: true, schema: { type: "string" } };
  const type = { "application/problem+json": reference("Problem") };
  return answer(PROBLEMS[status]!, type, headers);
}

const PROBLEMS: Record<number, string> = {
  400: "The body is empty, no JSON, or not UTF-8.",
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

const name = {
  name: "name",
  in: "path",
  required: true,
  description: "Of a model, see `GET /models`.",
  schema: { type: "string", minLength: 1 },
};
const query = (name: string, schema: Schema, description: string, required = false): Schema => ({
  name,
  in: "query",
  required,
  description,
  schema,
});
const number = (minimum: number, maximum: number): Schema => ({
  type: "integer",
  minimum,
  maximum,
});
const model = query("model", { type: "string" }, "Name of a model; without: the default model.");

/** Dates from 1900 to 2200; 29 February, which not each year has, is taken too. */
const DAY = "^((19|20|21)[0-9]{2}|2200)-(" +
  "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|" +
  "02-(0[1-9]|1[0-9]|2[0-8]))$";

/** Every way to write some of the levels, in any order. */
const levels = ["", ...orders(PERCENTS.map(String))];

function orders(items: string[]): string[] {
  return items.flatMap((item) => {
    const others = orders(items.filter((other) => other !== item));
    return [item, ...others.map((order) => `${item},${order}`)];
  });
}
const lines = {
  "text/csv": { type: "string", description: "A header with the features' names, then rows." },
  "application/x-ndjson": { type: "string", description: "A record a line, as JSON." },
};

/** Every route of the API. */
export const PATHS: PathDescription[] = [
  {
    method: "post",
    path: "/predict",
    summary: "Forecasts of a list of records, all or none",
    requestBody: {
      required: true,
      content: content({ "application/json": reference("PredictRequest") }),
    },
    answers: { 200: json("PredictAnswer", "Forecasts, in the order of the records.", ofModel) },
    problems: [400, 404, 408, 413, 415, 422, 429, 503],
  },
  {
    method: "post",
    path: "/predict/batch",
    summary: "Forecasts of CSV or JSON lines of any length, row by row",
    parameters: [
      query("model_name", { type: "string" }, "Without: the default model."),
      query(
        "intervals",
        { type: "string", enum: levels },
        `Levels in percent, such as ${PERCENTS.join(",")}.`,
      ),
    ],
    requestBody: { required: true, content: content(lines) },
    answers: {
      200: answer(
        "The rows as they came, with `prediction`, or with `error` and what is wrong.",
        lines,
        ofModel,
      ),
    },
    problems: [400, 404, 408, 413, 415, 422, 429, 503],
  },
  {
    method: "get",
    path: "/models",
    summary: "All models: versions, figures beside the naive baseline, features, an example",
    parameters: [{
      name: "if-none-match",
      in: "header",
      description: "The `etag` of an answer that is known.",
      schema: { type: "string" },
    }],
    answers: {
      200: json("Models", "The models.", { etag: { required: true, schema: { type: "string" } } }),
      304: { description: "They are what they were.", headers: { "x-request-id": requestId } },
    },
  },
  {
    method: "get",
    path: "/models/{name}",
    summary: "A model",
    parameters: [name],
    answers: { 200: json("Model", "The model.", ofModel) },
    problems: [404, 503],
  },
  {
    method: "get",
    path: "/models/{name}/evaluation",
    summary: "What was measured of a model: slices, intervals, learning curve, errors",
    parameters: [name],
    answers: { 200: json("Evaluation", "Its evaluation.", ofModel) },
    problems: [404, 503],
  },
  {
    method: "get",
    path: "/models/{name}/series",
    summary: "Past sales of a department of a store, and its coming weeks",
    parameters: [
      name,
      query("store", number(1, 9999), "Number of the store.", true),
      query("dept", number(1, 9999), "Number of the department.", true),
      query("weeks", number(1, 104), "Weeks to forecast; without: 39."),
    ],
    answers: { 200: json("Series", "Sales and forecasts in USD.", ofModel) },
    problems: [404, 422, 503],
  },
  {
    method: "get",
    path: "/stores",
    summary: "Stores with type, size and departments",
    parameters: [model],
    answers: { 200: json("Stores", "The stores that the model knows.", ofModel) },
    problems: [404, 503],
  },
  {
    method: "get",
    path: "/calendar",
    summary: "Weeks as records name them, with holidays",
    parameters: [
      model,
      query("from", { type: "string", pattern: DAY }, "A date from 1900-01-01 to 2200-12-31."),
      query("weeks", number(1, 530), "How many; without: 160."),
    ],
    answers: { 200: json("Calendar", "The weeks.") },
    problems: [404, 422, 503],
  },
  {
    method: "get",
    path: "/health",
    summary: "Models that are served and files that could not be read",
    answers: {
      200: json("Health", "Forecasts can be made."),
      503: json("Health", "No forecast can be made."),
    },
    isOpen: true,
  },
  {
    method: "get",
    path: "/health/live",
    summary: "Whether the process lives",
    answers: { 200: json("Status", "It does.") },
    isOpen: true,
  },
  {
    method: "get",
    path: "/health/ready",
    summary: "Whether it can answer",
    answers: { 200: json("Status", "It can."), 503: json("Status", "It cannot.") },
    isOpen: true,
  },
  {
    method: "get",
    path: "/metrics",
    summary: "Counters for Prometheus",
    answers: { 200: answer("Lines of text.", { "text/plain": { type: "string" } }) },
  },
  ...([
    ["/openapi.json", "This document", "application/json", { type: "object" }],
    ["/docs", "This document as a page, with forms to try the routes", "text/html", undefined],
    ["/docs.js", "Its program", "text/javascript", undefined],
    ["/docs.css", "Its style", "text/css", undefined],
  ] as const).map(([path, summary, type, schema]): PathDescription => ({
    method: "get",
    path,
    summary,
    answers: { 200: answer(summary, { [type]: schema ?? { type: "string" } }) },
    isOpen: true,
  })),
];

import { PERCENTS } from "../predict_request.ts";
import { describeInference } from "./inference_paths.ts";
import {
  answer,
  content,
  type Example,
  json,
  ofModel,
  part,
  type PathDescription,
  requestId,
} from "./path.ts";
import { reference, type Schema } from "./schema.ts";

const query = (
  name: string,
  schema: Schema,
  description: string,
  { required = false, example }: { required?: boolean; example?: unknown } = {},
): Schema => ({
  name,
  in: "query",
  required,
  description,
  schema,
  ...example !== undefined && { example },
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

/** A record as each type of lines has it. */
function exampleLines({ record }: Example): Record<string, string> {
  const cells = Object.values(record).map((value) => value ?? "");
  return {
    "text/csv": `${Object.keys(record).join()}\n${cells.join()}\n`,
    "application/x-ndjson": `${JSON.stringify(record)}\n`,
  };
}

/** Every route of the API. */
export function describePaths(example?: Example): PathDescription[] {
  const name = part("name", "Of a model, see `GET /models`.", example?.model);
  const examples = example && exampleLines(example);
  const linesIn = Object.fromEntries(
    Object.entries(content(lines)).map(([type, media]) => [
      type,
      { ...media, ...examples && { example: examples[type] } },
    ]),
  );
  return [
    {
      method: "post",
      path: "/predict",
      summary: "Forecasts of a list of records, all or none",
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: reference("PredictRequest"),
            ...example && { example: { records: [example.record] } },
          },
        },
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
      requestBody: { required: true, content: linesIn },
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
        200: json("Models", "The models.", {
          etag: { required: true, schema: { type: "string" } },
        }),
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
        query("store", number(1, 9999), "Number of the store.", {
          required: true,
          example: example?.record.Store,
        }),
        query("dept", number(1, 9999), "Number of the department.", {
          required: true,
          example: example?.record.Dept,
        }),
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
    ...describeInference(name, example),
  ];
}

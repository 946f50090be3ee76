import { datatypeOf } from "../inference_request.ts";
import { FEATURES } from "../../lib/features/table.ts";
import {
  answer,
  content,
  type Example,
  json,
  ofModel,
  part,
  type PathDescription,
} from "./path.ts";
import { reference, type Schema } from "./schema.ts";

const jsonLength = {
  description: "Bytes of JSON that stand before those of tensors; without: all is JSON.",
  schema: { type: "integer", minimum: 0 },
};

const binary: Schema = {
  type: "string",
  format: "binary",
  description: "The same as JSON, behind which the bytes of tensors stand.",
};

/** A request of the protocol for a record. */
function exampleRequest({ record }: Example) {
  return {
    inputs: FEATURES.filter(({ name }) => record[name] !== null).map((feature) => ({
      name: feature.name,
      datatype: datatypeOf(feature),
      shape: [1],
      data: [record[feature.name]],
    })),
  };
}

/** The routes of the Open Inference Protocol. */
export function describeInference(name: Schema, example: Example | undefined): PathDescription[] {
  const version = part("version", "The one that is served.", example?.version);
  const ofModels = (path: string, parameters: Schema[]): PathDescription[] => [
    {
      method: "get",
      path,
      summary: "A model's inputs and outputs",
      parameters,
      answers: { 200: json("InferenceModel", "The model.", ofModel) },
      problems: [404, 503],
    },
    {
      method: "get",
      path: `${path}/ready`,
      summary: "Whether a model can be asked",
      parameters,
      answers: { 200: json("InferenceModelReady", "It can.", ofModel) },
      problems: [404, 503],
    },
    {
      method: "post",
      path: `${path}/infer`,
      summary: "Forecasts of tensors of features",
      parameters: [
        ...parameters,
        { name: "Inference-Header-Content-Length", in: "header", ...jsonLength },
      ],
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: reference("InferenceRequest"),
            ...example && { example: exampleRequest(example) },
          },
          ...content({ "application/octet-stream": binary }),
        },
      },
      answers: {
        200: answer(
          "Forecasts, in the order of the rows.",
          {
            "application/json": reference("InferenceAnswer"),
            "application/octet-stream": binary,
          },
          { ...ofModel, "inference-header-content-length": jsonLength },
        ),
      },
      problems: [400, 404, 408, 413, 415, 429, 503],
    },
  ];
  return [
    {
      method: "get",
      path: "/v2",
      summary: "The server, after the Open Inference Protocol",
      answers: { 200: json("InferenceServer", "Its name, version and extensions.") },
    },
    {
      method: "get",
      path: "/v2/health/live",
      summary: "Whether the process lives",
      answers: { 200: json("InferenceLive", "It does.") },
      isOpen: true,
    },
    {
      method: "get",
      path: "/v2/health/ready",
      summary: "Whether it can answer",
      answers: {
        200: json("InferenceReady", "It can."),
        503: json("InferenceReady", "It cannot."),
      },
      isOpen: true,
    },
    ...ofModels("/v2/models/{name}", [name]),
    ...ofModels("/v2/models/{name}/versions/{version}", [name, version]),
  ];
}

import { FEATURES } from "../../lib/features/table.ts";
import { NUMBER_TYPES } from "../binary_tensor.ts";
import { OUTPUTS } from "../inference_request.ts";
import { flag, list, number, object, type Schema, text, whole } from "./schema.ts";

const outputName: Schema = { enum: OUTPUTS };
const tensors = list(object({
  name: text,
  datatype: text,
  shape: { ...list(whole), description: "-1 stands for any number of rows." },
}));

/** The schemas of the Open Inference Protocol, by name. */
export function inferenceSchemas(maxRecords: number): Record<string, Schema> {
  const rows = { type: "integer", minimum: 1, maximum: maxRecords };
  return {
    InferenceError: object({ error: { ...text, description: "A sentence for people." } }),
    InferenceServer: object({ name: text, version: text, extensions: list(text) }),
    InferenceLive: object({ live: flag }),
    InferenceReady: object({ ready: flag }),
    InferenceModel: object({
      name: text,
      versions: list(text),
      platform: text,
      inputs: tensors,
      outputs: tensors,
    }),
    InferenceModelReady: object({ name: text, ready: flag }),
    InferenceRequest: {
      type: "object",
      properties: {
        id: { ...text, description: "Told back." },
        inputs: {
          type: "array",
          minItems: 1,
          description: "A tensor for each feature, all of the same length.",
          items: {
            type: "object",
            properties: {
              name: { enum: FEATURES.map(({ name }) => name) },
              datatype: { enum: ["BOOL", "BYTES", ...NUMBER_TYPES] },
              shape: {
                type: "array",
                prefixItems: [rows, { const: 1 }],
                items: rows,
                minItems: 1,
                maxItems: 2,
                description: "[N] or [N, 1].",
              },
              data: { type: "array", description: "N values, or N lists of one." },
              parameters: {
                type: "object",
                properties: {
                  binary_data_size: {
                    type: "integer",
                    minimum: 0,
                    description: "Bytes of it behind the JSON, in place of `data`.",
                  },
                },
              },
            },
            required: ["name", "datatype", "shape"],
          },
        },
        outputs: {
          type: "array",
          description: "Without: the prediction.",
          items: {
            type: "object",
            properties: {
              name: outputName,
              parameters: {
                type: "object",
                properties: {
                  binary_data: { type: "boolean", description: "Whether as bytes." },
                },
              },
            },
            required: ["name"],
          },
        },
        parameters: {
          type: "object",
          properties: {
            binary_data_output: {
              type: "boolean",
              description: "Whether all outputs that do not say come as bytes.",
            },
          },
        },
      },
      required: ["inputs"],
    },
    InferenceAnswer: object({
      model_name: text,
      model_version: text,
      id: text,
      outputs: list(object({
        name: outputName,
        datatype: { const: "FP64" },
        shape: list(whole),
        data: list(number),
        parameters: object({
          binary_data_size: { ...whole, description: "Bytes of it behind the JSON." },
        }),
      }, ["data", "parameters"])),
    }, ["id"]),
  };
}

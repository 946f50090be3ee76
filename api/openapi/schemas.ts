import { BASES } from "../../lib/history/derive.ts";
import { STORE_TYPES } from "../describe_model.ts";
import { BOUNDS, PERCENTS } from "../predict_request.ts";
import { inferenceSchemas } from "./inference_schemas.ts";
import { MODEL_SCHEMAS } from "./model_schemas.ts";
import {
  date,
  flag,
  list,
  number,
  object,
  orNull,
  reference,
  type Schema,
  text,
  whole,
} from "./schema.ts";

/** The schemas of answers and of what a request has beside its records, by name. */
export function answerSchemas(maxRecords: number): Record<string, Schema> {
  return {
    Problem: {
      ...object({
        type: { const: "about:blank" },
        title: text,
        status: whole,
        detail: { type: "string", description: "A sentence for people." },
        request_id: text,
        errors: list(reference("ProblemError")),
      }, ["errors"]),
      description: "What went wrong, after RFC 9457.",
    },
    ProblemError: object({
      record: { type: "integer", minimum: 0, description: "Index of the record, from 0." },
      field: text,
      code: { type: "string", description: "For programs, such as `out_of_range`." },
      message: { type: "string", description: "A sentence for people." },
    }, ["record", "field"]),
    PredictRequest: {
      type: "object",
      properties: {
        model_name: { type: ["string", "null"], description: "Without: the default model." },
        records: { ...list(reference("Record")), minItems: 1, maxItems: maxRecords },
        intervals: {
          description: "`true`, or the levels in percent: intervals that hold so much of sales.",
          anyOf: [
            { type: ["boolean", "null"] },
            { type: "array", items: { type: "integer", enum: PERCENTS }, uniqueItems: true },
          ],
        },
        contributions: {
          type: ["boolean", "null"],
          description: "Whether to tell what each feature adds; of at most 100 records.",
        },
      },
      required: ["records"],
      additionalProperties: false,
    },
    PredictAnswer: object({
      model_name: text,
      model_version: text,
      predictions: { ...list(number), description: "Weekly_Sales in USD, one a record." },
      intervals: list(object({ level: whole, lower: list(number), upper: list(number) })),
      contributions: list(object({
        terms: list(object({
          feature: text,
          value: { type: ["number", "string", "boolean", "null"] },
          contribution: { type: "number", description: "In USD." },
        }, ["value"])),
      })),
    }, ["intervals", "contributions"]),
    ...MODEL_SCHEMAS,
    Series: object({
      store: whole,
      dept: whole,
      origin: date,
      basis: { enum: [...BASES] },
      history: list(object({ date, sales: orNull(number) })),
      forecast: list(object({
        date,
        prediction: number,
        ...Object.fromEntries(BOUNDS.map((name) => [name, number])),
        last_year: orNull(number),
      })),
    }),
    Stores: object({
      stores: list(object({
        store: whole,
        type: { enum: [...STORE_TYPES] },
        size: number,
        departments: list(whole),
      })),
    }),
    Calendar: object({
      weeks: list(object({
        date,
        year: whole,
        month: whole,
        week: whole,
        is_holiday: flag,
        holidays: list(text),
      })),
    }),
    Health: object({
      status: { enum: ["ok", "degraded", "unavailable"] },
      version: text,
      default_model: orNull(text),
      models: list(object({ name: text, version: text })),
      failed: list(object({ file: text, problem: text })),
    }),
    ...inferenceSchemas(maxRecords),
    Status: object({ status: { enum: ["ok", "unavailable"] } }),
  };
}

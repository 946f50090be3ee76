import { z } from "zod";
import { cardSchema } from "../../lib/evaluation/card/card.ts";
import {
  appliedSplitSchema,
  boostingSchema,
  foldsSchema,
  forestSchema,
  seasonalSchema,
} from "../../lib/params_schema.ts";
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

const about = (schema: Schema, description: string): Schema => ({ ...schema, description });

/** The shape that a check of this project lets through. */
function shapeOf(schema: z.ZodType): Schema {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: "output" });
  return shape;
}

const metrics = {
  rmse: about(number, "In USD, as all but r2 and n."),
  mae: number,
  wmae: about(number, "As Kaggle has it: holidays count five times."),
  r2: number,
  bias: about(number, "Mean of forecast less sales."),
  n: about(whole, "Rows."),
};

const hash = about(text, "SHA-256.");

/** The schemas of what `GET /models` and evaluations tell of a model, by name. */
export const MODEL_SCHEMAS: Record<string, Schema> = {
  Metrics: object(metrics),
  Training: object({
    data: about(
      object({ train: hash, validation: hash }),
      "The Parquet files of the training and the validation rows.",
    ),
    fitted_on: {
      enum: ["train", "all"],
      description: "The rows that it learned from: `all` where it is to be served.",
    },
    rows: whole,
    weeks: object({ first: date, last: date, count: whole }),
    split: shapeOf(appliedSplitSchema),
    parameters: about(
      object({
        seasonal: shapeOf(seasonalSchema),
        folds: shapeOf(foldsSchema),
        rf: shapeOf(forestSchema),
        gbr: shapeOf(boostingSchema),
        shares: about(object({ rf: number, gbr: number }), "Of a blend."),
      }, ["rf", "gbr", "shares"]),
      "Those of params.yaml that made it.",
    ),
  }),
  Feature: object({
    name: text,
    label: text,
    group: text,
    learned: about(flag, "Whether models learn from it."),
    description: text,
    kind: { enum: ["number", "category", "flag"] },
    unit: text,
    min: number,
    max: number,
    integer: flag,
    values: list(text),
    required: about(flag, "Whether a record has to have it."),
    nullable: about(flag, "Whether it may be `null` or left out."),
  }, ["unit", "min", "max", "integer", "values"]),
  Registry: about(
    object({
      name: orNull(text),
      version: orNull(text),
      alias: orNull(text),
      model_id: text,
      run_id: text,
      run: about(text, "Page of the run in MLflow."),
      sha256: text,
      git_commit: orNull(text),
      data_hash: orNull(text),
      dvc_lock_hash: orNull(text),
    }),
    "Where the registry has it.",
  ),
  Model: object({
    name: text,
    version: text,
    algorithm: text,
    is_default: flag,
    size_bytes: whole,
    origin: about(date, "The last week that the model knows."),
    metrics: about(
      object({
        train: reference("Metrics"),
        folds: reference("Metrics"),
        validation: reference("Metrics"),
      }, ["train", "folds"]),
      "Of the model fitted without the rows that it is measured on.",
    ),
    baseline: about(
      orNull(
        object({
          name: text,
          folds: reference("Metrics"),
          validation: reference("Metrics"),
        }, ["folds"]),
      ),
      "The naive forecast on the same rows; `null` without an evaluation.",
    ),
    training: reference("Training"),
    importance: {
      type: "object",
      additionalProperties: number,
      description: "Share of each feature in what splits gain.",
    },
    intervals: about(list(whole), "Levels in percent."),
    registry: orNull(reference("Registry")),
    features: list(reference("Feature")),
    example: reference("Record"),
  }),
  Models: object({ default_model: orNull(text), models: list(reference("Model")) }),
  Evaluation: about(shapeOf(cardSchema), "What `eval` measured, for a page to draw."),
};

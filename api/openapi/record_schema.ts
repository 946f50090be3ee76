import { z } from "@hono/zod-openapi";
import { isInteger } from "../../lib/features/describe_values.ts";
import { type Feature, FEATURES } from "../../lib/features/table.ts";

/**
 * The schema of a record, made of the feature table: it takes what `readRecords()` takes.
 *
 * @param example A record to show.
 */
export function recordSchema(example?: Readonly<Record<string, unknown>>): z.ZodObject {
  const fields = FEATURES.map((feature) => [feature.name, fieldSchema(feature)]);
  const schema: z.ZodObject = z.strictObject(Object.fromEntries(fields));
  return schema.openapi("Record", {
    description: "A week of a department of a store, by the features of the feature table.",
    ...example && { example },
  });
}

function fieldSchema(feature: Feature): z.ZodType {
  const { label, description } = feature;
  // A year's description says what it counts: "In year." adds nothing.
  const hasUnit = feature.kind === "number" && feature.source !== "calendar";
  const unit = hasUnit ? ` In ${feature.unit}.` : "";
  const schema = feature.missing === "keep"
    ? valueSchema(feature).nullable().optional()
    : valueSchema(feature);
  return schema.openapi({ title: label, description: description + unit });
}

function valueSchema(feature: Feature): z.ZodType {
  if (feature.kind === "flag") {
    return z.union([z.boolean(), z.int().min(0).max(1)]);
  }
  if ("values" in feature) return z.enum(feature.values);
  const number = isInteger(feature) ? z.int() : z.number();
  return number.min(feature.min).max(feature.max);
}

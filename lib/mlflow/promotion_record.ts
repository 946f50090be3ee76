import { z } from "zod";
import { UserError } from "../errors.ts";
import { BASELINE } from "../evaluation/baseline.ts";
import { parseJson } from "./client_errors.ts";

const decisionSchema = z.object({
  /** Registered model, and its version. */
  name: z.string(),
  version: z.string(),
  promoted: z.boolean(),
  /** A sentence. */
  reason: z.string(),
  /** Name of the metric, in USD on validation. */
  metric: z.string(),
  margin: z.number(),
  /** By the metric: the version's, the baseline's, and the champion's where it was compared. */
  figures: z.object({
    version: z.number(),
    [BASELINE]: z.number(),
    champion: z.number().optional(),
  }),
  /** The champion before the decision. */
  champion: z.object({
    version: z.string(),
    comparison: z.enum(["measured", "forecast", "refitted"]).optional(),
  }).nullable(),
});

const promotionSchema = z.object({
  run_id: z.string(),
  /** This run's best: its version has the alias `challenger`; none for a random split. */
  challenger: z.object({ name: z.string(), version: z.string() }).nullable(),
  decisions: z.array(decisionSchema),
});

/** Whether a version became champion of its registered model, with all that the decision rests on. */
export type PromotionDecision = z.infer<typeof decisionSchema>;

/** Content of metrics/promotion.json. */
export type Promotion = z.infer<typeof promotionSchema>;

/** A decision as people read it, in a line. */
export function describeDecision({ name, version, promoted, reason }: PromotionDecision): string {
  return `${name}, version ${version}: ${promoted ? "champion" : "not champion"}. ${reason}`;
}

/**
 * Reads a decision from the tag of a version, which people can edit.
 *
 * @param where What has the tag, for messages.
 * @throws {UserError} where it is damaged.
 */
export function parseDecision(tag: string, where: string): PromotionDecision {
  return parseTag(tag, decisionSchema, where);
}

/** As {@linkcode parseDecision}, from the tag of a parent run. */
export function parsePromotion(tag: string, where: string): Promotion {
  return parseTag(tag, promotionSchema, where);
}

function parseTag<T>(tag: string, schema: z.ZodType<T>, where: string): T {
  const result = schema.safeParse(parseJson(tag));
  if (result.success) return result.data;
  throw new UserError(
    `${where} is damaged: expected the decision that was logged. It was changed in MLflow: remove ` +
      "the tag there, and run `deno task log` again.",
  );
}

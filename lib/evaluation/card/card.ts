import { z } from "zod";
import { CANDIDATES } from "../../candidates.ts";
import { UserError } from "../../errors.ts";
import { appliedSplitSchema } from "../../params_schema.ts";

// What serves models reads cards: nothing here may import more than it needs for that.

const number = z.number();
const count = z.int().min(0);

const metrics = z.object({
  rmse: number,
  mae: number,
  wmae: number,
  r2: number,
  bias: number,
  n: count,
});

const skilled = metrics.extend({ skill: number });

const slices = <Schema extends z.ZodType>(schema: Schema) =>
  z.record(z.string(), z.record(z.string(), schema));

const edges = z.array(number).min(2).refine(
  (edges) => edges.every((edge, i) => i === 0 || edge > edges[i - 1]!),
  "expected edges in ascending order",
);

/** README.md beside this file says what each field means. */
export const cardSchema = z.object({
  model: z.enum(CANDIDATES),
  checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  split: appliedSplitSchema,
  metrics: z.object({
    train: metrics.exactOptional(),
    folds: skilled.exactOptional(),
    validation: skilled,
  }),
  baseline: z.object({
    name: z.string(),
    folds: metrics.exactOptional(),
    validation: metrics,
    slices: slices(metrics),
  }),
  slices: slices(skilled),
  coverage: z.array(z.object({ level: number, coverage: number, mean_width: number })),
  importance: z.record(z.string(), number),
  learning_curve: z.array(z.object({ trees: count, rmse: number, mae: number, wmae: number }))
    .nullable(),
  total_by_week: z.array(
    z.object({ date: z.iso.date(), actual: number, forecast: number, baseline: number }),
  ),
  residuals: z.object({ edges, counts: z.array(count), below: count, above: count }).refine(
    ({ edges, counts }) => edges.length === counts.length + 1,
    "expected one edge more than counts",
  ),
  predicted_vs_actual: z.object({ edges, counts: z.array(z.array(count)) }).refine(
    ({ edges, counts }) => [counts, ...counts].every((cells) => edges.length === cells.length + 1),
    "expected one edge more than counts along each side",
  ),
});

/** How a model did when it was evaluated, in figures that a page can draw; README.md has each field. */
export type Card = z.infer<typeof cardSchema>;

/** A card as the text of its JSON file. Equal cards give equal text. */
export function encodeCard(card: Card): string {
  // Through the schema, so that fields stand in its order.
  return JSON.stringify(cardSchema.parse(card)) + "\n";
}

/**
 * Reads the text of a card's file.
 *
 * @param source Named in messages.
 * @throws {UserError} where it is not a whole card.
 */
export function decodeCard(text: string, source = "The card"): Card {
  const damaged = (reason: string) =>
    new UserError(`${source} is no whole evaluation card: ${reason}. Fetch or make it anew.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(`it is not JSON, or breaks off after ${text.length} characters`);
  }
  const result = cardSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw damaged(`${path.join(".") || "the document"}: ${message}`.slice(0, MAX_QUOTED));
}

/** Most characters of a foreign file's problem that a message repeats. */
const MAX_QUOTED = 200;

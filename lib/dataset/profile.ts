import type { DataFrame } from "nodejs-polars";
import { z } from "zod";
import { formatDay } from "../features/calendar.ts";
import { UserError } from "../errors.ts";
import { readTextFile } from "../files.ts";
import { type AppliedSplit, appliedSplitSchema, type Params } from "../params_schema.ts";
import { countWeeks } from "./split.ts";

const count = z.int().min(0);
const weeks = z.strictObject({ first: z.iso.date(), last: z.iso.date(), count });

const schema = z.strictObject({
  split: appliedSplitSchema,
  rows: z.strictObject({ raw: count, train: count, validation: count }),
  dropped: z.array(z.strictObject({ reason: z.string(), rows: count })),
  stores: count,
  departments: count,
  weeks: z.strictObject({ all: weeks, train: weeks, validation: weeks }),
  /** Missing cells by column, of the joined rows; columns without any are left out. */
  nulls: z.record(z.string(), count),
});

/** What preprocess found and did, for people and for the log. Deterministic: no times, no paths. */
export type Profile = z.infer<typeof schema>;

/** The weeks of a set of rows; dates as YYYY-MM-DD. */
export type Weeks = z.infer<typeof weeks>;

/**
 * Reads data/processed/profile.json.
 *
 * @throws {UserError} where it is missing or damaged.
 */
export async function readProfile(path: string): Promise<Profile> {
  const text = await readTextFile(path, "Run `deno task repro` to make it.");
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw new UserError(
      `${path} is damaged: expected what preprocess writes. Run \`deno task repro --force\`.`,
    );
  }
}

/** Days of a frame's Date column. */
export function daysOf(sales: DataFrame): Int32Array {
  return Int32Array.from(sales.getColumn("Date").toTypedArray());
}

/** Describes the joined rows and their split. */
export function profileDataset(
  { all, train, validation }: Record<"all" | "train" | "validation", DataFrame>,
  dropped: Profile["dropped"],
  split: Params["split"],
): Profile {
  const nulls = all.columns
    .map((name) => [name, all.getColumn(name).nullCount()] as const)
    .filter(([, count]) => count > 0);
  return {
    split: applied(split),
    rows: {
      raw: all.height + dropped.reduce((sum, { rows }) => sum + rows, 0),
      train: train.height,
      validation: validation.height,
    },
    dropped,
    stores: all.getColumn("Store").nUnique(),
    departments: all.getColumn("Dept").nUnique(),
    weeks: { all: weeksOf(all), train: weeksOf(train), validation: weeksOf(validation) },
    nulls: Object.fromEntries(nulls),
  };
}

function applied(split: Params["split"]): AppliedSplit {
  const { strategy, validation_weeks, validation_fraction, seed } = split;
  return strategy === "time"
    ? { strategy, validation_weeks }
    : { strategy, validation_fraction, seed };
}

function weeksOf(sales: DataFrame): Weeks {
  const days = daysOf(sales);
  return {
    first: formatDay(days.reduce((a, b) => Math.min(a, b))),
    last: formatDay(days.reduce((a, b) => Math.max(a, b))),
    count: countWeeks(days),
  };
}

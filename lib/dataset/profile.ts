import type { DataFrame } from "nodejs-polars";
import { formatDay } from "../features/calendar.ts";
import type { Params } from "../params_schema.ts";
import { countWeeks } from "./split.ts";

/** What preprocess found and did, for people and for the log. Deterministic: no times, no paths. */
export interface Profile {
  split: Params["split"];
  rows: { raw: number; train: number; validation: number };
  dropped: { reason: string; rows: number }[];
  stores: number;
  departments: number;
  weeks: Record<"all" | "train" | "validation", Weeks>;
  /** Missing cells by column, of the joined rows; columns without any are left out. */
  nulls: Record<string, number>;
}

/** The weeks of a set of rows; dates as YYYY-MM-DD. */
export interface Weeks {
  first: string;
  last: string;
  count: number;
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
    split,
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

function weeksOf(sales: DataFrame): Weeks {
  const days = daysOf(sales);
  return {
    first: formatDay(days.reduce((a, b) => Math.min(a, b))),
    last: formatDay(days.reduce((a, b) => Math.max(a, b))),
    count: countWeeks(days),
  };
}

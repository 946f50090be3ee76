import { BASELINE } from "../evaluation/baseline.ts";
import type { SelectMetric } from "../evaluation/select.ts";
import { direction } from "./change.ts";
import { sameRows, staleInputs } from "./differences.ts";
import type { ResultSet } from "./result_set.ts";

/** Two results, as far as they can be compared. */
export interface Comparison {
  /** Name of the base for people, such as `main`. */
  base: string;
  now: ResultSet;
  /** `undefined` where the base has no results. */
  before: ResultSet | undefined;
  /** What decides which model is best, now. */
  metric: SelectMetric;
  /** Share of an error up to which a change counts as none: `registry.margin`. */
  margin: number;
  /** Whether both were measured on the same rows, so that their errors can be compared. */
  comparable: boolean;
  /** Parameters and data of now that its figures are not made of. */
  stale: string[];
}

/** A part of validation in which the chosen model's error rose. */
export interface WorseSlice {
  slicing: string;
  part: string;
  /** By {@linkcode Comparison.metric}, in USD a week. */
  before: number;
  now: number;
  /** The baseline's, now. */
  naive: number | undefined;
}

/** Sets two results beside each other. */
export function compare(
  base: string,
  before: ResultSet | undefined,
  now: ResultSet,
): Comparison {
  return {
    base,
    before,
    now,
    metric: now.best.selected_by,
    margin: Number(now.parameters["registry.margin"] ?? 0),
    comparable: before !== undefined && sameRows(before, now),
    stale: staleInputs(now),
  };
}

/** Slices in which the model chosen now errs more than the one that was chosen before, worst first. */
export function worseSlices({ before, now, metric, margin, comparable }: Comparison): WorseSlice[] {
  if (!before || !comparable) return [];
  const old = before.slices[before.best.model]!;
  return Object.entries(now.slices[now.best.model]!).flatMap(([slicing, parts]) =>
    Object.entries(parts).flatMap(([part, figures]) => {
      const earlier = old[slicing]?.[part]?.[metric];
      if (earlier === undefined || direction(figures[metric], earlier, margin) !== "worse") {
        return [];
      }
      const naive = now.slices[BASELINE]?.[slicing]?.[part]?.[metric];
      return [{ slicing, part, before: earlier, now: figures[metric], naive }];
    })
  ).sort((a, b) => b.now / b.before - a.now / a.before);
}

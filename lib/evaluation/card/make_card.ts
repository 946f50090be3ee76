import type { CandidateName } from "../../candidates.ts";
import { formatDay } from "../../features/calendar.ts";
import type { AppliedSplit } from "../../params_schema.ts";
import { BASELINE } from "../baseline.ts";
import type { Coverage } from "../coverage.ts";
import type { Histogram } from "../count_residuals.ts";
import type { FoldReport, SkilledMetrics } from "../fold_report.ts";
import type { CurvePoint } from "../learning_curve.ts";
import { type MetricsAll, roundMetric, roundMetrics, skillOf } from "../metrics.ts";
import type { SalesGrid } from "../sales_grid.ts";
import { roundSlices, type SliceMetrics } from "../slices.ts";
import type { Spread } from "../spread.ts";
import type { WeeklySeries } from "../weeks.ts";
import type { Card } from "./card.ts";

/** What an evaluation found, of which a card tells one model's part. */
export interface CardInput {
  name: CandidateName;
  /** Of the model's file to serve. */
  checksum: string;
  split: AppliedSplit;
  /** By model and of the baseline. */
  metricsAll: MetricsAll;
  /** By the same names: metrics by slice, on validation and by origin of the folds, and intervals. */
  figures: Readonly<Record<string, CardFigures>>;
  /** Of the validated model. */
  importance: Readonly<Record<string, number>>;
  /** Of the validated model; none where its trees have no order. */
  curve: readonly CurvePoint[] | undefined;
  /** By the same names as the figures. */
  totals: WeeklySeries;
  spread: Spread;
}

/** Of one model or the baseline. */
export interface CardFigures {
  slices: SliceMetrics;
  folds?: Pick<FoldReport, "origins">;
  intervals?: { overall: Coverage[] };
}

/** Makes a model's card. All figures are rounded: nothing in it hangs on the last bits of a sum. */
export function makeCard(
  { name, checksum, split, metricsAll, figures, importance, curve, totals, spread }: CardInput,
): Card {
  const own = metricsAll[name]!, naive = metricsAll[BASELINE]!;
  const { slices, folds, intervals } = figures[name]!, ofNaive = figures[BASELINE]!;
  return {
    model: name,
    checksum,
    split,
    metrics: {
      ...own.train && { train: roundMetrics(own.train) },
      ...own.folds && { folds: roundSkilled(own.folds) },
      validation: roundSkilled(own.val),
    },
    baseline: {
      name: BASELINE,
      ...naive.folds && { folds: roundMetrics(naive.folds) },
      validation: roundMetrics(naive.val),
      slices: {
        ...roundSlices(ofNaive.slices),
        ...ofNaive.folds && roundSlices({ origin: ofNaive.folds.origins }),
      },
    },
    slices: {
      ...mapValues(slices, (parts, slicing) =>
        mapValues(parts, (metrics, part) => {
          const skill = skillOf(metrics, ofNaive.slices[slicing]![part]!);
          return roundSkilled({ ...metrics, skill });
        })),
      ...folds && { origin: mapValues(folds.origins, roundSkilled) },
    },
    coverage: intervals?.overall ?? [],
    importance: { ...importance },
    learning_curve: curve?.map(({ trees, rmse, mae, wmae }) => ({
      trees,
      rmse: roundMetric(rmse),
      mae: roundMetric(mae),
      wmae: roundMetric(wmae),
    })) ?? null,
    total_by_week: Array.from(totals.days, (day, week) => ({
      date: formatDay(day),
      actual: wholeUsd(totals.actual[week]!),
      forecast: wholeUsd(totals.predicted[name]![week]!),
      baseline: wholeUsd(totals.predicted[BASELINE]![week]!),
    })),
    residuals: roundEdges(spread.residuals),
    predicted_vs_actual: roundEdges(spread.grid),
  };
}

function roundSkilled(metrics: SkilledMetrics): SkilledMetrics {
  return { ...roundMetrics(metrics), skill: metrics.skill };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, change(value, name)]),
  );
}

function wholeUsd(value: number): number {
  // Adding 0 makes 0 of -0.
  return Math.round(value) + 0;
}

function roundEdges<T extends Histogram | SalesGrid>(counted: T): T {
  return { ...counted, edges: counted.edges.map(roundMetric) };
}

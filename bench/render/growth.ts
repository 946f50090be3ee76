import type { GrowthFigures, GrowthPoint } from "../results.ts";
import { growthExponent } from "../statistics.ts";
import { digits, spreadText, table, verdict, whole } from "./table.ts";

/** Most memory beyond the input, as a multiple of the binned data. */
const MEMORY_TARGET = 3;

const VARIED: Record<GrowthPoint["series"], string> = {
  rows: "rows",
  features: "features",
  trees: "trees",
  workers: "threads",
};

/** Paragraphs for the suite `growth`. */
export function renderGrowth({ points }: GrowthFigures): string[] {
  const series = Object.values(
    Object.groupBy(points, ({ series, learner, shape }) => `${series} ${learner} ${shape}`),
  ).map((group) => group!);
  return [
    "Ours alone, on generated tables, after a small fit that warms up the compiler. _panel_: like " +
    "the real data, with three categories and gaps; _uniform_: independent numbers, all different. " +
    "Read a table as: what changes from row to row costs this much time and memory. MB is the most " +
    "in use at once beyond the input; it is held against the binned data, rows x features bytes.",
    ...series.flatMap((group) => [`### ${heading(group[0]!)}`, seriesTable(group), ...law(group)]),
  ];
}

function heading({ series, learner, shape }: GrowthPoint): string {
  const name = learner === "boosting"
    ? "Boosting, trees of 31 leaves"
    : "Forest of at most 7,000 leaves";
  return `${name}, ${shape}: ${VARIED[series]}`;
}

function seriesTable(group: GrowthPoint[]): string {
  return table(
    [
      "rows:",
      "features:",
      "trees:",
      "threads:",
      "s:",
      "MB:",
      "binned MB:",
      "MB / binned:",
      "target",
    ],
    group.map((point) => [
      whole(point.rows),
      String(point.features),
      String(point.trees),
      String(point.workers),
      spreadText(point.seconds),
      spreadText(point.peak_mb),
      digits(point.binned_mb),
      digits(point.peak_mb.median / point.binned_mb),
      verdict(point.peak_mb.median / point.binned_mb, MEMORY_TARGET),
    ]),
  );
}

function law(group: GrowthPoint[]): string[] {
  const { series } = group[0]!;
  if (series === "workers" || new Set(group.map((point) => point[series])).size < 2) return [];
  const exponent = growthExponent(group.map((point) => [point[series], point.seconds.median]));
  return [`Time grows with ${VARIED[series]} to the power of ${exponent.toFixed(2)}.`];
}

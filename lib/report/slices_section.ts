import { modelTitle } from "../charts/theme.ts";
import { formatUsd } from "../evaluation/format.ts";
import type { ReportInput } from "./report_input.ts";
import { partTitle, slicingTitle } from "./slice_titles.ts";
import { leastCells, tableHtml } from "./table.ts";

/** The metric that chooses, of each model and of the baseline, by slice of the validation rows. */
export function slicesSection({ metric, figures, splitLabel }: ReportInput): string {
  const names = Object.keys(figures);
  const first = figures[names[0]!]!.slices;
  return tableHtml({
    id: "slices",
    caption: `${metric.toUpperCase()} by slice of validation (${splitLabel}), in USD a week; ` +
      "the best of each row is bold",
    columns: ["Slice", "Rows", ...names.map(modelTitle)],
    groups: Object.entries(first).map(([slicing, parts]) => ({
      name: slicingTitle(slicing),
      rows: Object.entries(parts).map(([part, { n }]) => ({
        name: partTitle(slicing, part),
        cells: [
          n.toLocaleString("en-US"),
          ...leastCells(
            names.map((name) => figures[name]!.slices[slicing]![part]![metric]),
            formatUsd,
          ),
        ],
      })),
    })),
  });
}

import { modelTitle } from "../charts/theme.ts";
import type { Coverage } from "../evaluation/coverage.ts";
import { formatUsd } from "../evaluation/format.ts";
import { LEVELS } from "../intervals/conformal.ts";
import type { ReportInput } from "./report_input.ts";
import { partTitle, slicingTitle } from "./slice_titles.ts";
import { tableHtml } from "./table.ts";

/**
 * How many of the actual sales lay within prediction intervals, and how wide these were: of each
 * model, and of the chosen one by slice. Empty where there are no intervals.
 */
export function intervalsSection({ choice, figures }: ReportInput): string {
  const measured = Object.entries(figures).flatMap(([name, { intervals }]) =>
    intervals ? [{ name, intervals }] : []
  );
  const chosen = measured.find(({ name }) => name === choice.model);
  if (chosen === undefined) return "";
  const columns = LEVELS.flatMap((level) => {
    const share = formatShare(level, 0);
    return [`Within ${share} interval`, `Mean width of ${share}`];
  });
  return [
    `<p>An interval of 80 % should hold 80 % of the actual sales. Widths were set by the errors on the
folds, which do not know the validation rows; they are in USD a week.</p>`,
    tableHtml({
      id: "intervals-models",
      caption: "Prediction intervals on validation",
      columns: ["Model", ...columns],
      groups: [{
        rows: measured.map(({ name, intervals }) => ({
          name: modelTitle(name) + (name === choice.model ? ", chosen" : ""),
          chosen: name === choice.model,
          cells: coverageCells(intervals.overall),
        })),
      }],
    }),
    tableHtml({
      id: "intervals-slices",
      caption: `Prediction intervals by slice of validation: ${modelTitle(choice.model)}`,
      columns: ["Slice", ...columns],
      groups: Object.entries(chosen.intervals.slices).map(([slicing, parts]) => ({
        name: slicingTitle(slicing),
        rows: Object.entries(parts).map(([part, coverages]) => ({
          name: partTitle(slicing, part),
          cells: coverageCells(coverages),
        })),
      })),
    }),
  ].join("\n");
}

function coverageCells(coverages: readonly Coverage[]): string[] {
  return coverages.flatMap(({ coverage, mean_width }) => [
    formatShare(coverage, 1),
    formatUsd(mean_width),
  ]);
}

function formatShare(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}

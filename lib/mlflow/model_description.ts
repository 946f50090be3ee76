import type { LabelledFigures } from "./result_files.ts";

/** Figures of a model and of the baseline on the same rows, for {@linkcode describeVersion}. */
export interface DescribedFigures {
  val: LabelledFigures;
  folds?: LabelledFigures | undefined;
}

/** Metrics by slicing and part, as metrics/val_metrics_NAME.json has them. */
export type Slices = Record<string, Record<string, Record<string, number>>>;

const COLUMNS = [["rmse", "RMSE"], ["mae", "MAE"], ["wmae", "WMAE"], ["bias", "bias"]] as const;

/**
 * Description of a model's version for the registry, in Markdown: its figures beside the baseline's,
 * and by slice.
 *
 * @param splitLabel How the validation rows were chosen, in words.
 */
export function describeVersion(
  name: string,
  own: DescribedFigures,
  baseline: DescribedFigures,
  slices: Slices,
  splitLabel: string,
): string {
  const lines = [
    `Weekly sales by store and department: **${name}**. Errors in USD a week; validation: ${splitLabel}.`,
    "",
    ...head("rows"),
    row("validation", own.val),
    row("validation, seasonal naive", baseline.val),
  ];
  if (own.folds && baseline.folds) {
    lines.push(row("folds", own.folds), row("folds, seasonal naive", baseline.folds));
  }
  // Without words between them MLflow's page makes one table of two.
  if (Object.keys(slices).length > 0) lines.push("", "By slice:", "", ...head("validation"));
  for (const [slicing, parts] of Object.entries(slices)) {
    for (const [part, figures] of Object.entries(parts)) {
      lines.push(row(`${slicing.replaceAll("_", " ")}: ${part}`, figures));
    }
  }
  return lines.join("\n");
}

/**
 * Description of the run that holds those of all models, in Markdown: their figures side by side.
 *
 * @param best Name of the chosen model.
 * @param figures Of each model and of the baseline, by name.
 * @param splitLabel How the validation rows were chosen, in words.
 */
export function describeRun(
  best: string,
  figures: Record<string, DescribedFigures>,
  splitLabel: string,
): string {
  return [
    `Weekly sales by store and department: **${best}** is chosen. Errors in USD a week; ` +
    `validation: ${splitLabel}.`,
    "",
    ...head("validation"),
    ...Object.entries(figures).map(([name, { val }]) => row(name.replaceAll("_", " "), val)),
  ].join("\n");
}

function row(title: string, figures: Record<string, unknown>): string {
  return `| ${title} | ${COLUMNS.map(([key]) => format(figures[key])).join(" | ")} |`;
}

function head(first: string): string[] {
  return [
    `| ${first} | ${COLUMNS.map(([, title]) => title).join(" | ")} |`,
    `| --- | ${COLUMNS.map(() => "---:").join(" | ")} |`,
  ];
}

function format(value: unknown): string {
  return typeof value === "number" ? Math.round(value).toLocaleString("en-US") : "";
}

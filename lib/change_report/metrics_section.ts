import { BASELINE } from "../evaluation/baseline.ts";
import { formatChange, formatUsd } from "../evaluation/format.ts";
import { arrow, direction, LIGHTS } from "./change.ts";
import type { Comparison } from "./comparison.ts";
import { plain, table } from "./markdown.ts";
import type { Figures } from "./result_set.ts";

const ERRORS = ["wmae", "rmse", "mae"] as const;

/** Every model's errors now, with what they were, the naive baseline last. */
export function metricsSection(
  { base, before, now, metric, margin, comparable }: Comparison,
): string {
  const measure = metric.toUpperCase();
  const naive = now.figures[BASELINE]!;
  const old = comparable ? before!.figures : {};
  const names = Object.keys(now.figures).filter((name) => name !== BASELINE);
  const others = ERRORS.filter((error) => error !== metric);
  const hasFolds = naive.folds !== undefined;
  const rows = [...names, BASELINE].map((name) => {
    const { val, folds } = now.figures[name]!;
    const earlier = old[name];
    const compared = (before: Figures) => [
      formatUsd(before[metric]),
      formatUsd(val[metric]),
      `${arrow(val[metric], before[metric])} ${
        LIGHTS[direction(val[metric], before[metric], margin)]
      }`,
    ];
    const cells = [
      name === now.best.model ? `**${plain(name)}**` : plain(name),
      ...earlier
        ? compared(earlier.val)
        : comparable
        ? ["", formatUsd(val[metric]), "new"]
        : [formatUsd(val[metric])],
      name === BASELINE ? "" : formatChange(val[metric], naive.val[metric]),
      ...others.map((error) => withArrow(val[error], earlier?.val[error])),
      val.r2.toFixed(4),
    ];
    if (hasFolds) cells.push(folds ? withArrow(folds[metric], earlier?.folds?.[metric]) : "");
    return cells;
  });
  const gone = Object.keys(old).filter((name) => !now.figures[name]);
  return [
    "### Metrics",
    "",
    `On validation, in USD a week; lower is better, but for R². Chosen by ${measure}` +
    `${now.best.chosen_on === "folds" ? " on the folds, which end before validation begins" : ""}.`,
    "",
    table([
      "Model",
      ...comparable ? [`${measure} on ${plain(base)}`, `${measure} now`, "change"] : [measure],
      "against naive",
      ...others.map((error) => error.toUpperCase()),
      "R²",
      ...hasFolds ? [`${measure} on folds`] : [],
    ], rows),
    ...gone.length > 0 ? ["", `No longer there: ${gone.map(plain).join(", ")}.`] : [],
  ].join("\n");
}

function withArrow(now: number, before: number | undefined): string {
  return before === undefined ? formatUsd(now) : `${formatUsd(now)} ${arrow(now, before)}`;
}

import { modelTitle } from "../charts/theme.ts";
import { escape } from "../escape.ts";
import { BASELINE } from "../evaluation/baseline.ts";
import { formatChange, formatUsd } from "../evaluation/format.ts";
import type { ReportInput } from "./report_input.ts";

/** Which model was chosen and why, in a few sentences. */
export function choiceSection(
  { choice, metric, metricsAll, splitLabel }: ReportInput,
): string {
  const { model, chosenOn } = choice;
  const { val, folds } = metricsAll[model]!;
  const measure = metric.toUpperCase();
  const why = chosenOn === "folds"
    ? `it has the lowest ${measure} on the folds, ${formatUsd(folds![metric])} USD a week. ` +
      (val.split === "time" ? "These end before validation begins." : "")
    : `it has the lowest ${measure} on validation. The history is too short for folds, ` +
      "so the figures below flatter it.";
  const naive = metricsAll[BASELINE]!.val[metric];
  return [
    `<p class="lead">Chosen: <strong>${escape(modelTitle(model))}</strong>, because ${why.trim()}
On validation (${escape(splitLabel)}) its ${measure} is ${formatUsd(val[metric])},
${compare(val[metric], naive)} the same week of last year (${formatUsd(naive)}).</p>`,
    ...val.split === "random"
      ? [
        `<p class="note">The split is random: the models have seen the neighbours of every validation
row. These figures tell nothing about forecasting; for that, set split.strategy to time.</p>`,
      ]
      : [],
  ].join("\n");
}

function compare(value: number, reference: number): string {
  const change = formatChange(value, reference);
  if (change === "0.0 %") return "the same as";
  if (change === "worse") return "worse than";
  return `${change.slice(1)} ${change.startsWith("-") ? "less" : "more"} than`;
}

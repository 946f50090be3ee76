import { joinWords } from "../words.ts";
import { BASELINE } from "./baseline.ts";
import { formatChange, formatUsd } from "./format.ts";
import type { Metrics, MetricsAll } from "./metrics.ts";
import { chooseModel, rankModels, type SelectMetric } from "./select.ts";

/** Measures that are lower when better, as columns and in sentences. */
const ERRORS = [["rmse", "RMSE"], ["mae", "MAE"], ["wmae", "WMAE"]] as const;

/**
 * The table that a run ends with: metrics on validation, best model first, the seasonal-naive
 * baseline last. Below it, each model that is no better than the baseline by some error is named,
 * and so is a random split. Plain text, no newline at the end.
 *
 * @param metricsAll Content of metrics/metrics_all.json; holds the baseline.
 * @param splitLabel Validation in words, as `validation` of metrics/best_val_metrics.json.
 * @param metric What decides which model is best, as `selected_by` of the same file.
 *
 * @example
 * ```ts
 * import { summaryTable } from "./summary.ts";
 * const all = JSON.parse(await Deno.readTextFile("metrics/metrics_all.json"));
 * console.log(summaryTable(all, "last 39 weeks", "rmse"));
 * ```
 */
export function summaryTable(
  metricsAll: MetricsAll,
  splitLabel: string,
  metric: SelectMetric,
): string {
  const baseline = metricsAll[BASELINE]!.val;
  const validation = Object.fromEntries(
    Object.entries(metricsAll)
      .filter(([name]) => name !== BASELINE)
      .map(([name, { val }]) => [name, val]),
  );
  const models = rankModels(validation, metric);

  const onFolds = (name: string) => metricsAll[name]!.folds;
  const hasFolds = onFolds(BASELINE) !== undefined;
  const rows = [["model", "RMSE", "MAE", "WMAE", "R2", "WMAE vs naive"]];
  for (const name of models) {
    const { wmae } = validation[name]!;
    rows.push([name, ...formatMetrics(validation[name]!), formatChange(wmae, baseline.wmae)]);
  }
  rows.push([BASELINE, ...formatMetrics(baseline), ""]);
  if (hasFolds) {
    rows[0]!.push("folds: WMAE", "vs naive");
    const naive = onFolds(BASELINE)!.wmae;
    for (const row of rows.slice(1)) {
      const { wmae } = onFolds(row[0]!)!;
      row.push(formatUsd(wmae), row[0] === BASELINE ? "" : formatChange(wmae, naive));
    }
  }

  const lines = [`Validation: ${splitLabel}, errors in USD a week`, "", ...alignColumns(rows)];
  if (hasFolds) {
    const chosen = chooseModel(
      Object.fromEntries(models.map((name) => [name, metricsAll[name]!])),
      metric,
    ).model;
    const isTime = baseline.split === "time";
    lines.push(
      "",
      `Chosen: ${chosen}, the best by ${metric} on the folds` +
        (isTime ? ", which end before validation begins." : "."),
    );
  }
  const notes = models.flatMap((name) => {
    const lost = ERRORS.filter(([key]) => validation[name]![key] >= baseline[key]);
    if (lost.length === 0) return [];
    const where = lost.map(([key, title]) =>
      `${title} (${formatChange(validation[name]![key], baseline[key])})`
    );
    return [`Note: ${name} does not beat the same week of last year by ${joinWords(where)}.`];
  });
  if (notes.length > 0) lines.push("", ...notes);
  if (Object.values(metricsAll).some(({ val }) => val.split === "random")) {
    lines.push(
      "",
      "Note: on a random split the model has seen the neighbours of every validation row.",
      "These figures tell nothing about forecasting; for that, set split.strategy to time.",
    );
  }
  return lines.join("\n");
}

function formatMetrics(metrics: Metrics): string[] {
  return [
    ...ERRORS.map(([key]) => formatUsd(metrics[key])),
    metrics.r2.toFixed(4),
  ];
}

/** First column to the left, the others to the right. */
function alignColumns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  );
}

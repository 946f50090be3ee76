import { modelTitle } from "../charts/theme.ts";
import { BASELINE } from "../evaluation/baseline.ts";
import { formatChange, formatUsd } from "../evaluation/format.ts";
import type { ForecastMetrics } from "../evaluation/metrics.ts";
import type { ReportInput } from "./report_input.ts";
import { leastCells, type Row, tableHtml } from "./table.ts";

/** All models against the baseline: on validation and, where there are any, on the folds. */
export function modelsSection(
  { choice, metric, metricsAll, splitLabel }: ReportInput,
): string {
  const names = Object.keys(metricsAll);
  const table = (id: string, caption: string, rows: ForecastMetrics[]) =>
    tableHtml({
      id,
      caption: `${caption}, ${rows[0]!.n.toLocaleString("en-US")} rows; errors in USD a week`,
      columns: [
        ...["Model", "RMSE", "MAE", "WMAE", "R²", "Bias"],
        `${metric.toUpperCase()} against the baseline`,
      ],
      groups: [{ rows: describe(names, rows, metric, choice.model) }],
    });
  const onFolds = names.flatMap((name) => metricsAll[name]!.folds ?? []);
  return [
    `<p>Errors are better when lower; the best of each column is bold. WMAE is the mean absolute
error with holiday weeks weighing five times; bias is the mean of forecast less sales. The baseline
repeats the same week of last year.</p>`,
    table(
      "models-validation",
      `Validation: ${splitLabel}`,
      names.map((name) => metricsAll[name]!.val),
    ),
    ...onFolds.length === names.length
      ? [table("models-folds", "Folds of the training rows (rolling origin)", onFolds)]
      : [],
  ].join("\n");
}

function describe(
  names: readonly string[],
  metrics: readonly ForecastMetrics[],
  metric: ReportInput["metric"],
  chosen: string,
): Row[] {
  const baseline = metrics[names.indexOf(BASELINE)]!;
  const column = (key: "rmse" | "mae" | "wmae") =>
    leastCells(metrics.map((values) => values[key]), formatUsd);
  const rmse = column("rmse"), mae = column("mae"), wmae = column("wmae");
  const r2 = leastCells(metrics.map(({ r2 }) => -r2), (value) => (-value).toFixed(4));
  return names.map((name, i): Row => ({
    name: modelTitle(name) + (name === chosen ? ", chosen" : ""),
    chosen: name === chosen,
    cells: [
      ...[rmse[i]!, mae[i]!, wmae[i]!, r2[i]!],
      formatUsd(metrics[i]!.bias),
      name === BASELINE ? "" : formatChange(metrics[i]![metric], baseline[metric]),
    ],
  }));
}

import { BASELINE } from "../evaluation/baseline.ts";
import type { Comparison } from "./comparison.ts";
import { code, plain, table } from "./markdown.ts";
import type { ResultSet } from "./result_set.ts";
import { sparkline } from "./sparkline.ts";

/** A bar for every model beside the baseline, and the weeks of validation as lines of blocks. */
export function chartsSection(comparison: Comparison): string {
  return ["### Charts", "", barChart(comparison), "", weekLines(comparison)].join("\n").trimEnd();
}

function barChart({ base, before, now, metric, comparable }: Comparison): string {
  const names = Object.keys(now.figures);
  const values = names.map((name) => now.figures[name]!.val[metric]);
  const old = comparable ? names.map((name) => before!.figures[name]?.val[metric]) : [];
  // A line has a point over every bar, or there is none.
  const line = old.length > 0 && old.every((value) => value !== undefined) ? old : undefined;
  const title = `${metric.toUpperCase()} now` + (line ? `, and as a line on ${base}` : "");
  return [
    "```mermaid",
    "xychart-beta",
    `  title "${title.replace(/[^\w ,./-]/g, " ")}"`,
    `  x-axis [${names.map((name) => `"${name.replace(/[^\w -]/g, " ")}"`).join(", ")}]`,
    `  y-axis "USD a week" 0 --> ${Math.ceil(Math.max(...values, ...line ?? []) * 1.1)}`,
    `  bar [${values.join(", ")}]`,
    ...line ? [`  line [${line.join(", ")}]`] : [],
    "```",
  ].join("\n");
}

function weekLines({ base, before, now, comparable }: Comparison): string {
  const { weeks, best } = now;
  const actual = weeks["actual"] ?? [];
  const forecast = weeks[best.model] ?? [];
  if (actual.length < 2 || forecast.length !== actual.length) return "";
  const off = (forecast: readonly number[]) =>
    forecast.map((value, week) => 100 * Math.abs(value - actual[week]!) / Math.abs(actual[week]!));
  const naive = weeks[BASELINE] ?? [];
  const errors: [string, number[]][] = [[`error of ${best.model}`, off(forecast)]];
  const old = comparable ? oldForecast(before!, actual) : undefined;
  if (old) errors.push([`error of ${before!.best.model} on ${base}`, off(old)]);
  if (naive.length === actual.length) errors.push([`error of ${BASELINE}`, off(naive)]);
  const most = Math.max(...errors.flatMap(([, values]) => values));
  const range = [Math.min(...actual, ...forecast), Math.max(...actual, ...forecast)] as const;
  return [
    "All stores together by week of validation:",
    "",
    table(["", "weeks", ""], [
      ["sales", code(sparkline(actual, [...range])), ""],
      [`forecast of ${plain(best.model)}`, code(sparkline(forecast, [...range])), ""],
      ...errors.map(([title, values]) => [
        plain(title),
        code(sparkline(values, [0, most])),
        `${(values.reduce((a, b) => a + b, 0) / values.length).toFixed(1)} % on average`,
      ]),
    ]),
  ].join("\n");
}

/** What the base forecast, where it is of the same weeks. */
function oldForecast(
  { weeks, best }: ResultSet,
  actual: readonly number[],
): readonly number[] | undefined {
  return weeks["actual"]?.join() === actual.join() ? weeks[best.model] : undefined;
}

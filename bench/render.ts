import { renderApi } from "./render/api.ts";
import { renderComparisons } from "./render/comparisons.ts";
import { renderGrowth } from "./render/growth.ts";
import { renderModel } from "./render/model.ts";
import { renderPrediction } from "./render/prediction.ts";
import { table } from "./render/table.ts";
import type { Figures, SuiteResult } from "./results.ts";

const TITLES: Record<string, string> = {
  "boosting": "Gradient boosting",
  "boosting-sklearn": "Gradient boosting against scikit-learn's exact one",
  "forest": "Random forest",
  "forest-of-more": "Random forest of more trees",
  "ml-random-forest": "Random forest against npm's ml-random-forest",
  "growth": "Growth of time and memory",
  "prediction": "Prediction",
  "model": "The model file",
  "api": "The prediction API",
};

/**
 * Text of bench/RESULTS.md, in Markdown that is not formatted yet.
 *
 * @param results What bench/results/ holds, in the order in which it is to be told.
 */
export function renderResults(results: SuiteResult[]): string {
  return [
    "# Benchmark results",
    "`deno task bench` wrote this page from the figures in `bench/results/`; a change by hand is " +
    "gone after the next run. Every run is a process of its own, and nothing else runs meanwhile. " +
    "Sides take turns: ours, theirs, ours, theirs. Figures are medians, with the least and the " +
    "greatest in parentheses. A ratio is ours divided by theirs, the median over the pairs of " +
    "neighbouring runs: **below 1, ours is faster**. What a side does to the raw float64 columns " +
    "before its first tree (binning, counting) is part of its time; reading the file is not. Ours " +
    "starts cold: the compiler's work is part of its time too.",
    ...results.map(renderSuite),
  ].join("\n\n") + "\n";
}

function renderSuite(result: SuiteResult): string {
  return [
    `## ${TITLES[result.suite] ?? result.suite}`,
    ...renderFigures(result.figures),
    renderFacts(result),
  ].join("\n\n");
}

function renderFigures(figures: Figures): string[] {
  switch (figures.kind) {
    case "comparisons":
      return renderComparisons(figures);
    case "growth":
      return renderGrowth(figures);
    case "prediction":
      return renderPrediction(figures);
    case "model":
      return renderModel(figures);
    case "api":
      return renderApi(figures);
  }
}

function renderFacts({ measured, runs, machine, versions, data, figures }: SuiteResult): string {
  const { rows, stores, departments, weeks, tracked, train_csv_md5 } = data;
  const count = (value: number) => value.toLocaleString("en");
  const rawTables = tracked
    ? "those that the project tracks"
    : `others than the project tracks (md5 of train.csv: ${train_csv_md5})`;
  const source = figures.kind === "growth" ? [] : [[
    "data",
    `${count(rows)} rows, ${stores} stores, ${departments} departments, ${weeks.first} to ` +
    `${weeks.last}; raw tables: ${rawTables}`,
  ]];
  return table(["measured", `${measured}, ${runs} run${runs > 1 ? "s" : ""} of each side`], [
    ["machine", `${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.os}`],
    [
      "versions",
      Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "),
    ],
    ...source,
  ]);
}

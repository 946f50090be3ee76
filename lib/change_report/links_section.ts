import type { Comparison } from "./comparison.ts";
import { code } from "./markdown.ts";

/** Where more is to be seen. */
export interface Links {
  /** Page of the workflow's run, whose artifacts hold the files; none for a run of one's own. */
  workflow?: string | undefined;
  /** MLflow's pages, without a slash at the end. */
  mlflow?: string | undefined;
}

/** Plots, the full report and the MLflow run. */
export function linksSection({ base, now }: Comparison, { workflow, mlflow }: Links): string {
  const run = now.promotion?.run_id;
  const files = workflow
    ? `[Plots, the full report and all figures](${workflow}#artifacts): \`metrics/plots/\` and ` +
      "`metrics/report.html` in the artifact `results`."
    : "Plots: [metrics/plots](metrics/plots); the full report: " +
      `[metrics/report.html](metrics/report.html); beside those of the base: ${
        code(`deno task dvc plots diff ${base}`)
      }.`;
  const logged = run === undefined
    ? []
    : mlflow
    ? [`[MLflow run](${mlflow}/#/runs/${encodeURIComponent(run)}): parameters, figures, models.`]
    : workflow
    ? [`MLflow run ${code(run)}.`]
    : [`MLflow run ${code(run)}: \`deno task mlflow\`.`];
  return ["### More", "", ...[files, ...logged].map((line) => `- ${line}`)].join("\n");
}

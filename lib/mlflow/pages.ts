import type { RunLocation } from "./sqlite_lookup.ts";

// Without it MLflow 3.17 opens its pages for language models, whatever the experiment's tag says, and
// also from its own list of experiments.
const WORKFLOW = "workflowType=machine_learning";

/**
 * Address of an experiment's runs among MLflow's pages, in the part for model training.
 *
 * @param url The server's, without a slash at its end.
 */
export function experimentPage(url: string, experimentId: string): string {
  return `${url}/#/experiments/${experimentId}?${WORKFLOW}`;
}

/**
 * Address of a run among MLflow's pages, in the part for model training.
 *
 * @param url The server's, without a slash at its end.
 *
 * @example
 * ```ts
 * import { runPage } from "./pages.ts";
 * console.log(runPage("http://127.0.0.1:5000", { experimentId: "1", runId: "0c8f" }));
 * // "http://127.0.0.1:5000/#/experiments/1/runs/0c8f?workflowType=machine_learning"
 * ```
 */
export function runPage(url: string, { experimentId, runId }: RunLocation): string {
  return `${url}/#/experiments/${experimentId}/runs/${runId}?${WORKFLOW}`;
}

/** Where `deno task mlflow` serves the pages of a local store. */
export const LOCAL_PAGES = "http://127.0.0.1:5000";

import { runCommand } from "../lib/cli.ts";
import { readSalesTable } from "../lib/dataset/parquet.ts";
import { chooseTrackingUri, TRACKING_URI_OPTION, withClient } from "../lib/mlflow/connect.ts";
import { type LoggedRun, logResults, readPromotion } from "../lib/mlflow/log_results.ts";
import { LOCAL_PAGES, runPage } from "../lib/mlflow/pages.ts";
import { describeDecision } from "../lib/mlflow/promotion_record.ts";
import { readPythonEnvironment } from "../lib/mlflow/python_environment.ts";
import { readResults, type Results } from "../lib/mlflow/results.ts";
import { runIdentity } from "../lib/mlflow/run_identity.ts";
import { gitTags, hashDvcLock, hashRawData } from "../lib/mlflow/source_facts.ts";
import { findFinishedRun } from "../lib/mlflow/sqlite_lookup.ts";
import {
  DEFAULT_TRACKING_URI,
  parseTrackingUri,
  type Store,
  storeName,
} from "../lib/mlflow/tracking_uri.ts";
import { writeFileAtomic } from "../lib/write_files.ts";

/** Which versions became champions, and why. */
const PROMOTION = "metrics/promotion.json";

const DEFAULT_EXPERIMENT = "retail-demand";

async function logMlflow(uri: string, experiment: string): Promise<void> {
  const store = parseTrackingUri(uri, Deno.cwd());
  const results = await readResults(".");
  const name = storeName(store, Deno.cwd());
  const identity = await runIdentity(results.digest, name, experiment);

  const finished = store.kind === "sqlite"
    ? findFinishedRun(store.path, experiment, identity)
    : null;
  const logged = finished
    ? { ...finished, alreadyLogged: true, promotion: readPromotion(finished.promotion, finished) }
    : await logResultsTo(store, results, { experiment, identity });
  if (logged.promotion) {
    await writeFileAtomic(PROMOTION, JSON.stringify(logged.promotion, null, 2) + "\n");
  }
  report(logged, store, uri, experiment);
}

async function logResultsTo(
  store: Store,
  results: Results,
  names: { experiment: string; identity: string },
): Promise<LoggedRun> {
  const dvcLock = await hashDvcLock(".");
  const options = {
    ...names,
    tags: {
      ...await gitTags("."),
      "mlflow.source.name": "pipeline/log_mlflow.ts",
      "mlflow.source.type": "LOCAL",
      data_hash: await hashRawData("."),
      ...dvcLock !== null && { dvc_lock_hash: dvcLock },
    },
    python: await readPythonEnvironment("."),
    readTables: async () => ({
      train: await readSalesTable("data/processed/train.parquet"),
      validation: await readSalesTable("data/processed/val.parquet"),
    }),
  };
  return await withClient(
    store,
    { write: true, create: true },
    (client) => logResults(client, results, options),
  );
}

/** Says where the run is and how to look at it. */
function report(run: LoggedRun, store: Store, uri: string, experiment: string): void {
  if (run.alreadyLogged) console.log(`Already logged as run ${run.runId}, nothing to do.`);
  else {
    console.log(`Logged as run ${run.runId} of experiment "${experiment}".`);
    for (const decision of run.promotion?.decisions ?? []) {
      console.log(`Registered ${describeDecision(decision)}`);
    }
    const challenger = run.promotion?.challenger;
    if (challenger) {
      console.log(`The challenger is ${challenger.name}, version ${challenger.version}.`);
    }
  }
  if (store.kind === "server") {
    console.log(`See ${runPage(store.url, run)}`);
    return;
  }
  const option = uri === DEFAULT_TRACKING_URI
    ? ""
    : ` --tracking-uri ${/\s/.test(uri) ? `"${uri}"` : uri}`;
  const page = runPage(LOCAL_PAGES, run);
  console.log(`See ${page} while \`deno task mlflow${option}\` runs.`);
}

if (import.meta.main) {
  await runCommand(
    {
      name: "deno task log",
      summary: "Logs the pipeline's results to MLflow: parameters, metrics, plots and models. " +
        "Logging the same again does nothing.\n\n" +
        "A server's login is read from MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and\n" +
        "MLFLOW_TRACKING_PASSWORD.",
      options: {
        "tracking-uri": TRACKING_URI_OPTION,
        experiment: {
          type: "string",
          value: "NAME",
          description: "experiment, made where it is missing " +
            `(default: MLFLOW_EXPERIMENT_NAME, else ${DEFAULT_EXPERIMENT})`,
        },
      },
      examples: [
        "deno task log",
        "deno task log --tracking-uri https://mlflow.example.com --experiment stores-north",
      ],
    },
    ({ values }) =>
      logMlflow(
        chooseTrackingUri(values["tracking-uri"]),
        values.experiment ?? (Deno.env.get("MLFLOW_EXPERIMENT_NAME") || DEFAULT_EXPERIMENT),
      ),
  );
}

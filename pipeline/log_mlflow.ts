import { runCommand } from "../lib/cli.ts";
import { MlflowClient } from "../lib/mlflow/client.ts";
import { authorization } from "../lib/mlflow/credentials.ts";
import { startLocalServer } from "../lib/mlflow/local_server.ts";
import { type LoggedRun, logResults } from "../lib/mlflow/log_results.ts";
import { runPage } from "../lib/mlflow/pages.ts";
import { readResults } from "../lib/mlflow/results.ts";
import { runIdentity } from "../lib/mlflow/run_identity.ts";
import { gitTags, hashRawData } from "../lib/mlflow/source_facts.ts";
import { findFinishedRun } from "../lib/mlflow/sqlite_lookup.ts";
import {
  DEFAULT_TRACKING_URI,
  parseTrackingUri,
  type Store,
  storeName,
} from "../lib/mlflow/tracking_uri.ts";
import { venvTool } from "../lib/tools.ts";

const DEFAULT_EXPERIMENT = "retail-demand";

async function logMlflow(uri: string, experiment: string): Promise<void> {
  const store = parseTrackingUri(uri, Deno.cwd());
  const results = await readResults(".");
  const name = storeName(store, Deno.cwd());
  const identity = await runIdentity(results.digest, name, experiment);

  const finished = store.kind === "sqlite"
    ? findFinishedRun(store.path, experiment, identity)
    : null;
  if (finished) {
    report({ ...finished, alreadyLogged: true, versions: [] }, store, uri, experiment);
    return;
  }
  const options = {
    experiment,
    identity,
    tags: {
      ...await gitTags("."),
      "mlflow.source.name": "pipeline/log_mlflow.ts",
      "mlflow.source.type": "LOCAL",
      data_hash: await hashRawData("."),
    },
  };
  if (store.kind === "server") {
    const client = new MlflowClient({
      url: store.url,
      authorization: authorization(store.login, (name) => Deno.env.get(name)),
    });
    report(await logResults(client, results, options), store, uri, experiment);
    return;
  }
  if (Deno.stderr.isTerminal()) {
    console.error(`Starting MLflow on ${name} (up to half a minute where the store is new) ...`);
  }
  await using server = await startLocalServer(store, venvTool("python"), { write: true });
  const client = new MlflowClient({ url: server.url });
  const logged = await logResults(client, results, options).catch(async (error) => {
    throw await server.explain(error);
  });
  report(logged, store, uri, experiment);
}

/** Says where the run is and how to look at it. */
function report(run: LoggedRun, store: Store, uri: string, experiment: string): void {
  if (run.alreadyLogged) console.log(`Already logged as run ${run.runId}, nothing to do.`);
  else {
    console.log(`Logged as run ${run.runId} of experiment "${experiment}".`);
    for (const { name, version } of run.versions) {
      console.log(`Registered ${name}, version ${version}.`);
    }
  }
  if (store.kind === "server") {
    console.log(`See ${runPage(store.url, run)}`);
    return;
  }
  const option = uri === DEFAULT_TRACKING_URI
    ? ""
    : ` --tracking-uri ${/\s/.test(uri) ? `"${uri}"` : uri}`;
  const page = runPage("http://127.0.0.1:5000", run);
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
        "tracking-uri": {
          type: "string",
          value: "URI",
          description: "http(s)://HOST, sqlite:///PATH or file:PATH " +
            `(default: MLFLOW_TRACKING_URI, else ${DEFAULT_TRACKING_URI})`,
        },
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
        values["tracking-uri"] ?? (Deno.env.get("MLFLOW_TRACKING_URI") || DEFAULT_TRACKING_URI),
        values.experiment ?? (Deno.env.get("MLFLOW_EXPERIMENT_NAME") || DEFAULT_EXPERIMENT),
      ),
  );
}

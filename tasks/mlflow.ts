import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { MlflowClient } from "../lib/mlflow/client.ts";
import { startLocalServer } from "../lib/mlflow/local_server.ts";
import { EXPERIMENT_TAGS } from "../lib/mlflow/log_results.ts";
import { experimentPage } from "../lib/mlflow/pages.ts";
import { DEFAULT_TRACKING_URI, parseTrackingUri, storeName } from "../lib/mlflow/tracking_uri.ts";
import { venvTool } from "../lib/tools.ts";

async function serveMlflow(uri: string, portText: string): Promise<void> {
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65535) {
    throw new UserError(`--port is "${portText}": expected a whole number from 1 to 65535.`);
  }
  const store = parseTrackingUri(uri, Deno.cwd());
  if (store.kind === "server") {
    throw new UserError(`${store.url} is a server that runs already: open it in a browser.`);
  }
  const name = storeName(store, Deno.cwd());
  if (Deno.stderr.isTerminal()) console.error(`Starting MLflow on ${name} ...`);
  await using server = await startLocalServer(store, venvTool("python"), { port });
  const experiments = await new MlflowClient(server).searchExperiments(EXPERIMENT_TAGS);
  console.log(
    [
      `MLflow serves ${name} at ${server.url} - Ctrl-C ends it.`,
      ...experiments.map(({ name, experimentId }) =>
        `See ${experimentPage(server.url, experimentId)} for "${name}".`
      ),
    ].join("\n"),
  );
  throw await server.ended;
}

if (import.meta.main) {
  await runCommand(
    {
      name: "deno task mlflow",
      summary: "Opens MLflow's web pages over the local store that `deno task log` writes to.",
      options: {
        "tracking-uri": {
          type: "string",
          value: "URI",
          description: "sqlite:///PATH or file:PATH " +
            `(default: MLFLOW_TRACKING_URI, else ${DEFAULT_TRACKING_URI})`,
        },
        port: { type: "string", value: "PORT", description: "port to serve at", default: "5000" },
      },
      examples: ["deno task mlflow", "deno task mlflow --port 5001"],
    },
    ({ values }) =>
      serveMlflow(
        values["tracking-uri"] ?? (Deno.env.get("MLFLOW_TRACKING_URI") || DEFAULT_TRACKING_URI),
        values.port,
      ),
  );
}

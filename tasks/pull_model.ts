import { runCommand } from "../lib/cli.ts";
import { chooseTrackingUri, TRACKING_URI_OPTION, withClient } from "../lib/mlflow/connect.ts";
import { readCardFile, readModelFile } from "../lib/mlflow/model_file.ts";
import { findModel, parseModelUri } from "../lib/mlflow/model_uri.ts";
import { LOCAL_PAGES } from "../lib/mlflow/pages.ts";
import { describeServed, writeServed } from "../lib/mlflow/served_models.ts";
import { parseTrackingUri } from "../lib/mlflow/tracking_uri.ts";

/** Not models/, which is DVC's. */
const OUT = "served";

/** Brings the JSON file of a model and its card from MLflow to served/, with where it comes from. */
async function pullModel(text: string, trackingUri: string): Promise<void> {
  const uri = parseModelUri(text);
  const store = parseTrackingUri(trackingUri, Deno.cwd());
  const pages = store.kind === "server" ? store.url : LOCAL_PAGES;
  const { file, card, served } = await withClient(
    store,
    { write: false, create: false },
    async (client) => {
      const found = await findModel(client, uri);
      const file = await readModelFile(client, found.logged, found.version);
      const card = await readCardFile(client, found.logged, file);
      return { file, card, served: describeServed(found, uri, file, pages) };
    },
  );
  await writeServed(OUT, file, served, card);
  const name = served.version ? `${served.name} version ${served.version}` : served.model_id;
  console.log(`${OUT}/${file.file} is ${name}${served.alias ? `, ${served.alias}` : ""}.`);
  console.log(`Its run is ${served.run}`);
  console.log(`Serve it with MODELS_DIR=${OUT}.`);
}

if (import.meta.main) {
  await runCommand({
    name: "deno task pull-model",
    summary:
      "Brings a model from MLflow to served/, checked, with a manifest of where it comes from. URI is\n" +
      "models:/NAME@ALIAS, models:/NAME/VERSION, models:/NAME/latest or models:/m-ID.",
    operands: ["URI"],
    options: {
      "tracking-uri": TRACKING_URI_OPTION,
    },
    examples: [
      "deno task pull-model models:/retail-demand-gbr@champion",
      "deno task pull-model models:/retail-demand-blend/3 --tracking-uri https://mlflow.example.com",
    ],
  }, async ({ values, operands: [uri] }) => {
    await pullModel(uri!, chooseTrackingUri(values["tracking-uri"]));
  });
}

import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { readFile } from "../lib/files.ts";
import { sha256 } from "../lib/hash.ts";
import { chooseTrackingUri, TRACKING_URI_OPTION, withClient } from "../lib/mlflow/connect.ts";
import type { MlflowClient } from "../lib/mlflow/client.ts";
import type { ModelVersion } from "../lib/mlflow/entities.ts";
import { FILE_TAG } from "../lib/mlflow/model_file.ts";
import { LOCAL_PAGES, runPage } from "../lib/mlflow/pages.ts";
import { parseTrackingUri } from "../lib/mlflow/tracking_uri.ts";

/** Says which registered versions a model file is, and where their runs come from. */
async function lineage(path: string, trackingUri: string): Promise<void> {
  const digest = await sha256(await readFile(path, "Give the path of a model file."));
  const store = parseTrackingUri(trackingUri, Deno.cwd());
  const pages = store.kind === "server" ? store.url : LOCAL_PAGES;
  const lines = await withClient(store, { write: false, create: false }, async (client) => {
    const versions = await client.searchModelVersions({ [FILE_TAG]: digest });
    if (versions.length === 0) {
      throw new UserError(
        `${path} is no version of a registered model on ${client.url}. Log it with \`deno task log\`, ` +
          "or give the tracking URI of the server that has it.",
      );
    }
    return await Promise.all(versions.map((version) => describe(client, version, pages)));
  });
  console.log(`${path}, SHA-256 ${digest}\n\n${lines.join("\n\n")}`);
}

async function describe(
  client: MlflowClient,
  { name, version, runId, tags }: ModelVersion,
  pages: string,
): Promise<string> {
  // A search does not tell aliases.
  const { aliases } = await client.getModelVersion(name, version);
  const { experimentId } = await client.getRun(runId);
  const rows = {
    "Run": runPage(pages, { runId, experimentId }),
    "Git revision": tags["mlflow.source.git.commit"] +
      (tags["mlflow.source.git.dirty"] === "true" ? ", with changes" : ""),
    "Raw data": tags["data_hash"],
    "dvc.lock": tags["dvc_lock_hash"],
  };
  return [
    `${name} version ${version}${aliases.length > 0 ? ` (${aliases.join(", ")})` : ""}`,
    ...Object.entries(rows).map(([title, value]) =>
      `  ${title.padEnd(14)}${value ?? "not recorded"}`
    ),
  ].join("\n");
}

if (import.meta.main) {
  await runCommand({
    name: "deno task lineage",
    summary: "Says where a model file comes from: its registered versions, their runs, the Git\n" +
      "revision, the hash of the raw data and that of dvc.lock (all stages but log_mlflow).",
    operands: ["FILE"],
    options: { "tracking-uri": TRACKING_URI_OPTION },
    examples: ["deno task lineage models/gbr.json", "deno task lineage served/blend.json"],
  }, async ({ values, operands: [path] }) => {
    await lineage(path!, chooseTrackingUri(values["tracking-uri"]));
  });
}

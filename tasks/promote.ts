import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { askGitHub, openRepository, type Repository } from "../lib/github/client.ts";
import { chooseTrackingUri, TRACKING_URI_OPTION, withClient } from "../lib/mlflow/connect.ts";
import { CHAMPION } from "../lib/mlflow/promote_versions.ts";
import { parseTrackingUri } from "../lib/mlflow/tracking_uri.ts";
import { readParams } from "../lib/params.ts";

/** The event that .github/workflows/deploy.yaml waits for. */
const MOVED = "champion-moved";

/** Makes a version the champion of its registered model, whatever its figures. */
async function promote(name: string, version: string, trackingUri: string): Promise<void> {
  const { registry } = await readParams();
  const store = parseTrackingUri(trackingUri, Deno.cwd());
  await withClient(store, { write: true, create: false }, async (client) => {
    const found = await client.getModelVersion(name, version);
    const before = await client.getVersionByAlias(name, CHAMPION);
    if (before?.version === found.version) {
      console.log(`${name} version ${version} is the champion already, nothing to do.`);
      return;
    }
    await client.setVersionTag(name, version, "promoted_by_hand", "true");
    await client.setAlias(name, CHAMPION, version);
    if (registry.stages) await client.transitionStage(name, version, "Production", true);
    console.log(
      `${name} version ${version} is the champion now` +
        (before ? `, in the place of version ${before.version}.` : "."),
    );
  });
}

async function tellGitHub(repository: Repository, name: string, version: string): Promise<void> {
  await askGitHub(repository, "POST", "dispatches", {
    event_type: MOVED,
    client_payload: { name, version },
  });
  console.log(`Sent ${MOVED} to ${repository.name}, whose workflow deploys the champion.`);
}

if (import.meta.main) {
  await runCommand({
    name: "deno task promote",
    summary: "Makes a version the champion of its registered model by hand.",
    operands: ["NAME", "VERSION"],
    options: {
      "tracking-uri": TRACKING_URI_OPTION,
      github: {
        type: "string",
        value: "OWNER/NAME",
        description: `repository to send ${MOVED} to, with the token in GITHUB_TOKEN`,
      },
    },
    examples: [
      "deno task promote retail-demand-gbr 3",
      "deno task promote retail-demand-gbr 3 --github planning/retail-demand",
    ],
  }, async ({ values, operands: [name, version] }) => {
    if (!/^[1-9]\d*$/.test(version!)) {
      throw new UserError(`Expected the number of a version, such as 3, but found "${version}".`);
    }
    // Opened first: without a token nothing is to change.
    const repository = values.github === undefined
      ? undefined
      : openRepository(values.github, "--github", "GITHUB_TOKEN", (name) => Deno.env.get(name));
    await promote(name!, version!, chooseTrackingUri(values["tracking-uri"]));
    if (repository) await tellGitHub(repository, name!, version!);
  });
}

import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { chooseTrackingUri, TRACKING_URI_OPTION, withClient } from "../lib/mlflow/connect.ts";
import { CHAMPION } from "../lib/mlflow/promote_versions.ts";
import { parseTrackingUri } from "../lib/mlflow/tracking_uri.ts";
import { readParams } from "../lib/params.ts";

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

if (import.meta.main) {
  await runCommand({
    name: "deno task promote",
    summary: "Makes a version the champion of its registered model by hand.",
    operands: ["NAME", "VERSION"],
    options: {
      "tracking-uri": TRACKING_URI_OPTION,
    },
    examples: ["deno task promote retail-demand-gbr 3"],
  }, async ({ values, operands: [name, version] }) => {
    if (!/^[1-9]\d*$/.test(version!)) {
      throw new UserError(`Expected the number of a version, such as 3, but found "${version}".`);
    }
    await promote(name!, version!, chooseTrackingUri(values["tracking-uri"]));
  });
}

import { UserError } from "../errors.ts";
import type { MlflowClient } from "./client.ts";
import type { LoggedModel, ModelVersion } from "./entities.ts";

/** What a `models:/` URI names. */
export type ModelUri =
  | { kind: "alias"; name: string; alias: string }
  | { kind: "version"; name: string; version: string }
  | { kind: "latest"; name: string }
  | { kind: "stage"; name: string; stage: string }
  | { kind: "model"; modelId: string };

/**
 * Reads a URI of a model as MLflow writes them.
 *
 * @throws {UserError} naming the forms that there are.
 *
 * @example
 * ```ts
 * import { parseModelUri } from "./model_uri.ts";
 * console.log(parseModelUri("models:/retail-demand-gbr@champion"));
 * // { kind: "alias", name: "retail-demand-gbr", alias: "champion" }
 * ```
 */
export function parseModelUri(uri: string): ModelUri {
  const match = /^models:\/+([^/@]+)(?:@([^/@]+)|\/([^/@]+))?$/.exec(uri);
  if (match) {
    const [, name, alias, last] = match;
    if (alias) return { kind: "alias", name: name!, alias };
    if (last === undefined) {
      if (/^m-[0-9a-z]+$/.test(name!)) return { kind: "model", modelId: name! };
    } else if (/^\d+$/.test(last)) return { kind: "version", name: name!, version: last };
    else if (last === "latest") return { kind: "latest", name: name! };
    else return { kind: "stage", name: name!, stage: last };
  }
  throw new UserError(
    `Expected a URI such as models:/NAME@ALIAS, models:/NAME/VERSION, models:/NAME/latest or ` +
      `models:/m-ID, but found "${uri}".`,
  );
}

/** A logged model, and the registered version by which it was found. */
export interface FoundModel {
  logged: LoggedModel;
  version?: ModelVersion;
}

/**
 * Finds what a URI names.
 *
 * @throws {UserError} where there is no such version, or it has no logged model.
 */
export async function findModel(client: MlflowClient, uri: ModelUri): Promise<FoundModel> {
  if (uri.kind === "model") return { logged: await client.getLoggedModel(uri.modelId) };
  const version = await findVersion(client, uri);
  if (!version.modelId) {
    throw new UserError(
      `${version.name} version ${version.version} was registered without a logged model. ` +
        "Expected one that `deno task log` has logged: give another.",
    );
  }
  return { logged: await client.getLoggedModel(version.modelId), version };
}

async function findVersion(
  client: MlflowClient,
  uri: Exclude<ModelUri, { kind: "model" }>,
): Promise<ModelVersion> {
  const { name } = uri;
  if (uri.kind === "version") return await client.getModelVersion(name, uri.version);
  if (uri.kind === "alias") {
    const version = await client.getVersionByAlias(name, uri.alias);
    if (version) return version;
    throw new UserError(
      `No version of ${name} on ${client.url} has the alias ${uri.alias}. Give a version, or set ` +
        `the alias with \`deno task promote\` or on MLflow's page of the model.`,
    );
  }
  const versions = await client.findModelVersions(name);
  const fitting = uri.kind === "latest"
    ? versions
    : versions.filter(({ currentStage }) =>
      currentStage?.toLowerCase() === uri.stage.toLowerCase()
    );
  const [latest] = fitting;
  if (latest) return latest;
  throw new UserError(
    uri.kind === "latest"
      ? `${name} on ${client.url} has no version. Check the name.`
      : `No version of ${name} on ${client.url} is in the stage ${uri.stage}. Give a version or ` +
        "an alias: models:/NAME/VERSION, models:/NAME@ALIAS.",
  );
}

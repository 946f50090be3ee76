import { CANDIDATES } from "../candidates.ts";
import { UserError } from "../errors.ts";
import { decodeCard } from "../evaluation/card/card.ts";
import { cardPath } from "../evaluation/card/file.ts";
import { sha256 } from "../hash.ts";
import { decodeModel, type StoredModel } from "../model/json.ts";
import type { MlflowClient } from "./client.ts";
import type { LoggedModel, ModelVersion } from "./entities.ts";

/** Tag of a logged model and of its registered versions: SHA-256 of its JSON file. */
export const FILE_TAG = "model_sha256";

/** Far above any model of ours, and still no burden for memory. */
const MAX_BYTES = 2 ** 28;

/** A model file from MLflow, checked. */
export interface ModelFile {
  /** For example `gbr.json`. */
  file: string;
  json: Uint8Array<ArrayBuffer>;
  /** Of `json`. */
  sha256: string;
  model: StoredModel;
}

/**
 * Reads our own JSON file from a logged model, and checks it against the checksum that it was logged
 * with and against its own.
 *
 * @param version The registered version that it is of, if any, whose checksum counts too.
 * @throws {UserError} where there is no such file, or it is not what was logged.
 */
export async function readModelFile(
  client: MlflowClient,
  logged: LoggedModel,
  version?: ModelVersion,
): Promise<ModelFile> {
  const what = version ? `${version.name} version ${version.version}` : logged.modelId;
  const names = CANDIDATES.map((name) => `${name}.json`);
  const artifacts = await client.listArtifacts(logged);
  const found = artifacts.find(({ path }) => names.includes(path));
  if (!found) {
    throw new UserError(
      `${what} on ${client.url} holds none of ${names.join(", ")}. ` +
        "Expected a model that `deno task log` has logged: give another.",
    );
  }
  const json = await client.readArtifact(logged, found.path, { maxBytes: MAX_BYTES });
  const digest = await sha256(json);
  for (const wanted of [logged.tags[FILE_TAG], version?.tags[FILE_TAG]]) {
    if (wanted !== undefined && wanted !== digest) {
      throw new UserError(
        `${what}: ${found.path} has the checksum ${digest}, but was logged with ${wanted}. ` +
          "It was changed on the server: give another version.",
      );
    }
  }
  const model = await decodeModel(new TextDecoder().decode(json), `${what}: ${found.path}`);
  return { file: found.path, json, sha256: digest, model };
}

/**
 * Reads the evaluation card that was logged with a model.
 *
 * @param file The model's own file; see {@linkcode readModelFile}.
 * @returns Nothing where it was logged without one.
 * @throws {UserError} where it is damaged, or another model's.
 */
export async function readCardFile(
  client: MlflowClient,
  logged: LoggedModel,
  { file, model }: ModelFile,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const wanted = cardPath(file);
  const artifacts = await client.listArtifacts(logged);
  if (!artifacts.some(({ path }) => path === wanted)) return undefined;
  const card = await client.readArtifact(logged, wanted, { maxBytes: MAX_BYTES });
  const what = `${logged.modelId}: ${wanted}`;
  const { checksum } = decodeCard(new TextDecoder().decode(card), what);
  if (checksum !== model.checksum) {
    throw new UserError(
      `${what} is the evaluation of another model. It was changed on the server: give another version.`,
    );
  }
  return card;
}

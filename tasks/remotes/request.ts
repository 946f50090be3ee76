import { resolve } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { type Kind, kindOf, schemeOf } from "./kinds.ts";

/** What the command line or the answers on a terminal say of a remote. */
export interface Wish {
  name?: string | undefined;
  url?: string | undefined;
  /** Address of a server that speaks S3; Amazon's where there is none. */
  endpointUrl?: string | undefined;
  /** Path of a file with credentials. */
  credentials?: string | undefined;
  default: boolean;
}

/** A remote to test and to write into DVC's configuration. */
export interface RemoteRequest {
  name: string;
  url: string;
  kind: Kind;
  /** DVC's options for .dvc/config, which Git keeps. */
  shared: Record<string, string | boolean>;
  /** DVC's options for .dvc/config.local, which Git does not keep. */
  local: Record<string, string>;
  default: boolean;
}

/** Stands in .dvc/config until somebody fills in the id of a folder. */
const PLACEHOLDER = "gdrive://FOLDER_ID";

/**
 * What a wish means.
 *
 * @param known Addresses of the remotes that are there, by name.
 * @throws {UserError} where the wish names no remote, or holds a secret, an unknown kind of address,
 *   an option that the kind does not have, or a name that another address has.
 *
 * @example
 * ```ts
 * import { makeRequest } from "./request.ts";
 * const { name, shared } = makeRequest({ url: "s3://bucket/path", default: false }, new Map());
 * console.log(name, shared); // storage { url: "s3://bucket/path" }
 * ```
 */
export function makeRequest(wish: Wish, known: ReadonlyMap<string, string>): RemoteRequest {
  const given = wish.url === undefined ? undefined : cleanUrl(wish.url);
  const name = wish.name ?? (given && schemeOf(given) === "gdrive" ? "gdrive" : "storage");
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) {
    throw new UserError(
      `Expected small letters, digits, - and _ as a remote's name, but found "${name}".`,
    );
  }
  const there = known.get(name);
  const url = given ?? (wish.name === undefined ? undefined : there);
  if (url === undefined) {
    throw new UserError(
      (wish.name === undefined ? "No remote was named." : `There is no remote ${name} yet.`) +
        " Give an address, for example --url s3://bucket/path, or the --name of a remote that " +
        ".dvc/config has; on a terminal, `deno task remote` asks.",
    );
  }
  if (schemeOf(url) !== "") refuseSecrets(url);
  if (url === PLACEHOLDER) {
    throw new UserError(
      `The remote ${name} has no folder yet: .dvc/config says ${PLACEHOLDER}. Add --url ` +
        "gdrive://ID, with the id in the folder's address https://drive.google.com/drive/folders/ID.",
    );
  }
  if (there !== undefined && there !== url && there !== PLACEHOLDER) {
    throw new UserError(
      `The remote ${name} has another address. Give the new one another --name, or remove the old with ` +
        `\`deno task dvc remote remove ${name}\`.`,
    );
  }
  const kind = kindOf(url);
  return { name, url, kind, ...options(wish, kind, given), default: wish.default };
}

function options(
  { endpointUrl, credentials }: Wish,
  kind: Kind,
  url: string | undefined,
): Pick<RemoteRequest, "shared" | "local"> {
  const shared: RemoteRequest["shared"] = {}, local: RemoteRequest["local"] = {};
  if (url !== undefined) shared.url = url;
  // A content manager of a Shared Drive may not do more.
  if (url !== undefined && kind.scheme === "gdrive") shared.gdrive_trash_only = true;
  if (endpointUrl !== undefined) {
    if (kind.scheme !== "s3") throw new UserError("--endpoint-url goes with s3://... alone.");
    if (!/^https?:\/\/[^/]+/.test(endpointUrl)) {
      throw new UserError("Expected http://HOST or https://HOST as --endpoint-url.");
    }
    refuseSecrets(endpointUrl);
    shared.endpointurl = endpointUrl;
  }
  if (credentials !== undefined) {
    if (kind.credentialsOption === undefined) {
      throw new UserError(`${kind.example} takes no --credentials FILE. ${kind.credentials}`);
    }
    if (/[{\n]/.test(credentials)) {
      throw new UserError(
        "--credentials takes the path of a file, not what it holds. Command lines stay in the " +
          "shell's history: make a new key, and keep it in a file outside the project.",
      );
    }
    local[kind.credentialsOption] = credentials;
    if (kind.scheme === "gdrive") shared.gdrive_use_service_account = true;
  }
  return { shared, local };
}

/** An address as DVC takes it; what a browser shows of a folder of Google Drive becomes one. */
function cleanUrl(url: string): string {
  const folder = /^https:\/\/drive\.google\.com\/.*\/folders\/([\w-]+)/.exec(url)?.[1];
  if (folder !== undefined) return `gdrive://${folder}`;
  return schemeOf(url) === "" ? resolve(url) : url;
}

/** @throws {UserError} where an address holds a password or a token; without repeating it. */
function refuseSecrets(url: string): void {
  if (!/\/\/[^/]*:[^/]*@/.test(url) && !/[?#]/.test(url)) return;
  throw new UserError(
    `The address ${schemeOf(url)}://... holds a password or a token. Command lines stay in the ` +
      "shell's history and .dvc/config in Git: change that secret, leave it out of the address, and " +
      "see docs/remotes.md for where credentials go.",
  );
}

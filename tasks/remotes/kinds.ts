import { UserError } from "../../lib/errors.ts";
import type { ExtraEnvironment } from "../extra_environment.ts";

/** A kind of storage that DVC can keep data on. */
export interface Kind {
  /** How its addresses begin, before `://`; empty for a folder. */
  scheme: string;
  /** An address, as help texts show it. */
  example: string;
  /** Where DVC with its plugin is; none where DVC needs no plugin. */
  environment?: ExtraEnvironment;
  /** DVC's option for the path of a file with credentials. */
  credentialsOption?: string;
  /** Where its credentials come from, as a sentence. */
  credentials: string;
}

const CLOUD: ExtraEnvironment = {
  folder: "remotes/cloud",
  content: "DVC with its plugins for S3, Google Cloud Storage, Azure and SSH",
};
const GDRIVE: ExtraEnvironment = {
  folder: "remotes/gdrive",
  content: "DVC with its plugin for Google Drive",
};

/** All kinds that `deno task remote` sets up; docs/remotes.md describes each. */
export const KINDS: readonly Kind[] = [
  {
    scheme: "s3",
    example: "s3://bucket/path",
    environment: CLOUD,
    credentialsOption: "credentialpath",
    credentials:
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or keep them in ~/.aws/credentials.",
  },
  {
    scheme: "gdrive",
    example: "gdrive://FOLDER_ID",
    environment: GDRIVE,
    credentialsOption: "gdrive_service_account_json_file_path",
    credentials: "Give the key of a service account with --credentials FILE or in " +
      "DVC_GDRIVE_SERVICE_ACCOUNT_JSON, and share the folder with its address.",
  },
  {
    scheme: "gs",
    example: "gs://bucket/path",
    environment: CLOUD,
    credentialsOption: "credentialpath",
    credentials:
      "Set GOOGLE_APPLICATION_CREDENTIALS to a key file, or give it with --credentials FILE.",
  },
  {
    scheme: "azure",
    example: "azure://container/path",
    environment: CLOUD,
    credentials:
      "Set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and run `az login`.",
  },
  {
    scheme: "ssh",
    example: "ssh://user@host/path",
    environment: CLOUD,
    credentialsOption: "keyfile",
    credentials: "Load the key into ssh-agent, or give its file with --credentials FILE.",
  },
  {
    scheme: "",
    example: "/path/of/a/folder",
    credentials: "Make the folder writable for this user.",
  },
];

/**
 * The kind that an address of DVC stands for.
 *
 * @throws {UserError} where no such kind is set up by this project.
 *
 * @example
 * ```ts
 * import { kindOf } from "./kinds.ts";
 * console.log(kindOf("s3://bucket/path").environment?.folder); // "remotes/cloud"
 * ```
 */
export function kindOf(url: string): Kind {
  const scheme = schemeOf(url);
  const kind = KINDS.find((kind) => kind.scheme === scheme);
  if (kind) return kind;
  const accepted = KINDS.map(({ example }) => example).join(", ");
  throw new UserError(`Expected one of ${accepted} as a remote's address, but found ${scheme}://.`);
}

/** What stands before `://` in an address, in lower case; empty in the path of a folder. */
export function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? "";
}

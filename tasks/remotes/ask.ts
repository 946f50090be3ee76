import { KINDS, schemeOf } from "./kinds.ts";
import type { Wish } from "./request.ts";

/** Asks a question; `null` or empty where there is no answer. `prompt()` is one. */
export type Ask = (question: string, proposal?: string) => string | null;

/**
 * Asks for a remote: its address, then what its kind needs. Never for a secret, since DVC would keep
 * it in a file.
 */
export function askForRemote(ask: Ask): Wish {
  const examples = KINDS.map(({ example }) => `  ${example}`).join("\n");
  const answer = (question: string, proposal?: string) =>
    ask(question, proposal)?.trim() || undefined;
  const url = answer(`Where are the data to be kept? One of\n${examples}\n:`);
  const kind = KINDS.find(({ scheme }) => scheme === schemeOf(url ?? ""));
  return {
    url,
    endpointUrl: kind?.scheme === "s3"
      ? answer("Address of the S3 server (empty: Amazon's):")
      : undefined,
    credentials: kind?.credentialsOption
      ? answer(`${kind.credentials}\nFile with credentials (empty: as the environment has them):`)
      : undefined,
    name: answer("Name of the remote:", kind?.scheme === "gdrive" ? "gdrive" : "storage"),
    default: /^y/i.test(
      answer("Make it the default, for plain `dvc push` and `dvc pull`? [y/N]") ?? "",
    ),
  };
}

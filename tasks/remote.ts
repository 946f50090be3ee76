import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { venvTool } from "../lib/tools.ts";
import { extraTool, installExtra } from "./extra_environment.ts";
import { askForRemote } from "./remotes/ask.ts";
import {
  checkCredentialsFile,
  checkServiceAccountKey,
  KEY_VARIABLE,
  restoreKey,
} from "./remotes/credentials.ts";
import { KINDS } from "./remotes/kinds.ts";
import { knownRemotes } from "./remotes/known_remotes.ts";
import { makeRequest, type RemoteRequest, type Wish } from "./remotes/request.ts";
import { setUp } from "./setup.ts";

const COMMAND = {
  name: "deno task remote",
  summary:
    "Sets up where DVC keeps data and models besides this computer: installs the plugin, writes, reads\n" +
    "and deletes a file there, then writes .dvc/config. Without options it asks, on a terminal.\n" +
    "With --name alone it does the same for a remote that .dvc/config names, as in a fresh clone.\n" +
    "Credentials come from the environment or from files, never from options: docs/remotes.md.\n\n" +
    `Kinds of addresses: ${KINDS.map(({ example }) => example).join("\n                    ")}`,
  options: {
    url: {
      type: "string",
      value: "URL",
      description: "its address, of a kind named above",
    },
    name: {
      type: "string",
      value: "NAME",
      description: "of the remote (default: gdrive for Google Drive, else storage)",
    },
    "endpoint-url": {
      type: "string",
      value: "URL",
      description: "for s3://...: the server, where it is not Amazon's",
    },
    credentials: {
      type: "string",
      value: "FILE",
      description: "key of a service account, of AWS or of SSH; only its path is kept",
    },
    default: {
      type: "boolean",
      description: "make it the remote of plain `dvc push` and `dvc pull`",
    },
  } as const,
  examples: [
    "deno task remote --url s3://our-bucket/retail --default",
    "deno task remote --url s3://retail/dvc --endpoint-url https://minio.example.com",
    "deno task remote --url gdrive://0AIac4JZqHhKmUk9PDA --credentials ~/keys/dvc.json",
    "deno task remote --name gdrive   in CI, with the key in DVC_GDRIVE_SERVICE_ACCOUNT_JSON",
  ],
};

/**
 * Tests a remote and writes it into DVC's configuration.
 *
 * @throws {UserError} where the wish makes no sense, its plugin does not install, or the remote
 *   cannot be used. Then the configuration is as it was.
 */
async function setUpRemote(wish: Wish): Promise<void> {
  const request = makeRequest(wish, await knownRemotes());
  const { name, url, kind, local } = request;
  const option = kind.credentialsOption;
  const file = option && local[option];
  if (file !== undefined) local[option!] = await checkCredentialsFile(file, kind);
  const key = kind.scheme === "gdrive" && file === undefined ? Deno.env.get(KEY_VARIABLE) : "";
  if (key) checkServiceAccountKey(key, KEY_VARIABLE);
  if (kind.environment) await installExtra(kind.environment);
  else await setUp();
  const restored = key ? await restoreKey(key) : undefined;
  if (restored) {
    request.shared.gdrive_use_service_account = true;
    local[option!] = restored.path;
  }
  const problem = await testAndWrite(request);
  if (problem !== undefined) {
    await restored?.undo();
    throw new UserError(
      `The remote ${name} (${url}) cannot be used: ${problem.replace(/\.$/, "")}. ` +
        `Check its address. ${kind.credentials} Nothing was changed.`,
    );
  }
  console.log(
    `The remote ${name} (${url}) works: a small file was written, read and deleted. ` +
      (request.shared.url || request.default ? "Commit .dvc/config. " : "") +
      (Object.keys(local).length > 0
        ? "Where its credentials are stands in .dvc/config.local, which Git ignores. "
        : "") +
      `Next: \`deno task dvc push -r ${name}\` or \`deno task dvc pull -r ${name}\`.`,
  );
}

/** @returns Why the remote cannot be used, or `undefined` where all is done. */
async function testAndWrite(request: RemoteRequest): Promise<string | undefined> {
  const { name, shared, local, kind } = request;
  const python = kind.environment ? extraTool(kind.environment, "python") : venvTool("python");
  const child = new Deno.Command(python, {
    args: ["remotes/set_up.py"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode(JSON.stringify({ name, shared, local, default: request.default })),
  );
  await writer.close();
  const { success, stderr } = await child.output();
  if (success) return undefined;
  return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1)!;
}

if (import.meta.main) {
  await runCommand(COMMAND, async ({ values }) => {
    const { url, name, "endpoint-url": endpointUrl, credentials } = values;
    const asks = Deno.args.length === 0 && Deno.stdin.isTerminal();
    await setUpRemote(
      asks
        ? askForRemote(prompt)
        : { url, name, endpointUrl, credentials, default: values.default },
    );
  });
}

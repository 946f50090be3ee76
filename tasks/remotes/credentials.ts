import { dirname, resolve } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { readTextFile } from "../../lib/files.ts";
import type { Kind } from "./kinds.ts";

/** Variable that holds the key of a service account of Google, as CI keeps it. */
export const KEY_VARIABLE = "DVC_GDRIVE_SERVICE_ACCOUNT_JSON";

/** Where the key of that variable goes; Git ignores the folder. */
const KEY_FILE = ".dvc/tmp/gdrive-service-account.json";

/**
 * Checks that a file with credentials is there, is a key where the kind has to have one, and would
 * not be committed by Git; warns where others can read it.
 *
 * @returns Its whole path.
 * @throws {UserError} where it is not, or would.
 */
export async function checkCredentialsFile(path: string, { scheme }: Kind): Promise<string> {
  const text = await readTextFile(path, "Give the path of a file with credentials.");
  if (scheme === "gdrive") checkServiceAccountKey(text, path);
  const { success } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard", "--error-unmatch", "--", path],
    stdout: "null",
    stderr: "null",
  }).output();
  if (success) {
    throw new UserError(
      `${path} lies in the project, and Git does not ignore it. Move it out of the project, so that ` +
        "nobody commits it.",
    );
  }
  const { mode } = await Deno.stat(path);
  if (mode !== null && (mode & 0o077) !== 0) {
    console.error(`${path} can be read by others. Run \`chmod 600 ${path}\`.`);
  }
  return resolve(path);
}

/**
 * Checks the text of a service account's key, without repeating any of it.
 *
 * @param source Where it comes from, for the error.
 * @throws {UserError} where it is none.
 */
export function checkServiceAccountKey(text: string, source: string): void {
  let key: Record<string, unknown> | undefined;
  try {
    key = JSON.parse(text);
  } catch {
    // Said below, without the text.
  }
  const whole = key?.type === "service_account" && typeof key.client_email === "string" &&
    typeof key.private_key === "string";
  if (whole) return;
  throw new UserError(
    `${source} holds no key of a service account: expected the JSON that Google offers when a key is ` +
      'made, with "type": "service_account", client_email and private_key.',
  );
}

/** A key that was written, and how to have all as it was before. */
export interface RestoredKey {
  path: string;
  undo(): Promise<void>;
}

/** Writes a key into {@linkcode KEY_FILE}, so that this user alone can read it. */
export async function restoreKey(text: string): Promise<RestoredKey> {
  const before = await Deno.readTextFile(KEY_FILE).catch(() => undefined);
  await writeKey(text);
  return {
    path: resolve(KEY_FILE),
    undo: () => before === undefined ? Deno.remove(KEY_FILE) : writeKey(before),
  };
}

async function writeKey(text: string): Promise<void> {
  const temporary = `${KEY_FILE}.tmp`;
  await Deno.mkdir(dirname(KEY_FILE), { recursive: true });
  // A file that is there would keep its mode.
  await Deno.remove(temporary).catch(() => {});
  await Deno.writeTextFile(temporary, text, { mode: 0o600, createNew: true });
  await Deno.rename(temporary, KEY_FILE);
}

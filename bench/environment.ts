import { installExtra } from "../tasks/extra_environment.ts";
import { PEERS } from "./alone.ts";
import { peerVersions } from "./machine.ts";

/**
 * Makes bench/.venv hold just what bench/requirements.txt lists; quick where it does.
 *
 * @returns Versions of the peers.
 * @throws {UserError} where the network is missing or a package does not install.
 */
export async function installPeers(): Promise<Record<string, string>> {
  await installExtra(PEERS);
  return await peerVersions();
}

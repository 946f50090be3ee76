import { installExtra } from "../tasks/extra_environment.ts";
import { PEERS } from "./alone.ts";

/**
 * Makes bench/.venv hold just what bench/requirements.txt lists; quick where it does.
 *
 * @throws {UserError} where the network is missing or a package does not install.
 */
export async function installPeers(): Promise<void> {
  await installExtra(PEERS);
}

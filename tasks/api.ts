import { apiCommand } from "../api/command.ts";
import { type Config, readConfig, VARIABLES } from "../api/config.ts";
import { filesBeside } from "../api/model_files.ts";
import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";

/**
 * The rights that the API needs with a configuration, and no others: to listen on its port, to read
 * its models, and to know its own variables.
 *
 * @returns Flags of `deno run`.
 *
 * @example
 * ```ts
 * import { readConfig } from "../api/config.ts";
 * import { apiRights } from "./api.ts";
 * console.log(apiRights(readConfig(() => undefined))[0]); // --allow-net=127.0.0.1:8000
 * ```
 */
export function apiRights(
  { HOST, PORT, MODELS_DIR, MODEL_PATH }: Pick<
    Config,
    "HOST" | "PORT" | "MODELS_DIR" | "MODEL_PATH"
  >,
): string[] {
  const host = HOST.includes(":") ? `[${HOST}]` : HOST;
  const read = MODEL_PATH === undefined
    ? [MODELS_DIR]
    : [MODEL_PATH, ...Object.values(filesBeside(MODEL_PATH))];
  return [
    `--allow-net=${host}:${PORT}`,
    // The last: the program of the thread that takes forecasts apart.
    `--allow-read=${read.map((path) => path.replaceAll(",", ",,")).join()},lib/trees`,
    `--allow-env=${Object.keys(VARIABLES).join(",")}`,
  ];
}

/**
 * A small young generation, and an old one that grows in small steps: requests leave much behind that
 * is of no more use, and V8 would let each grow by tens of MB before it looks.
 *
 * This task runs with them too: Deno keeps compiled code, which V8 takes only with the flags that it
 * was compiled with. With others, both would compile anew at each start, a quarter of its time.
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=30";

/** Takes packages as they stand in node_modules, where Deno would look whether each is set up. */
const PACKAGES_AS_THEY_ARE = "--node-modules-dir=manual";

/**
 * What starts the API with a configuration, and no rights that it does not need.
 *
 * @param packagesAreSetUp See {@linkcode arePackagesSetUp}.
 * @returns Arguments of Deno.
 */
export function apiArguments(config: Config, packagesAreSetUp: boolean): string[] {
  const flags = ["-q", "--no-prompt", "--no-remote", V8_FLAGS, ...apiRights(config)];
  if (packagesAreSetUp) flags.push(PACKAGES_AS_THEY_ARE);
  return ["run", ...flags, "api/serve.ts"];
}

/**
 * Whether Deno has set packages up since deno.lock changed.
 *
 * @param folder The project's.
 */
export async function arePackagesSetUp(folder = "."): Promise<boolean> {
  try {
    const lock = await Deno.stat(`${folder}/deno.lock`);
    const packages = await Deno.stat(`${folder}/node_modules/.deno/.setup-cache.bin`);
    return packages.mtime! > lock.mtime!;
  } catch {
    // Then Deno sets them up.
    return false;
  }
}

if (import.meta.main) {
  await runCommand(apiCommand("deno task api"), async () => {
    const args = apiArguments(readConfig(Deno.env.get), await arePackagesSetUp());
    Deno.exitCode = await runChild(Deno.execPath(), args);
  });
}

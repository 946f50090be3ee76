/**
 * The load generator: wrk, since it is the only one of those tried that an empty handler does not
 * outrun (npm's autocannon ends at half of wrk's rate, and counts in whole milliseconds).
 *
 * @module
 */

import { UserError } from "../lib/errors.ts";
import { firstError } from "../lib/first_error.ts";
import { exists } from "../lib/files.ts";
import { CACHE } from "./table.ts";

const UNPACKED = `${CACHE}/wrk`;

/** Debian's packages of wrk and of the Lua that it needs. */
const PACKAGES = ["wrk", "libluajit-5.1-2", "libluajit-5.1-common"];

/** A wrk that can be run. */
export interface LoadGenerator {
  command: string;
  env: Record<string, string>;
  version: string;
}

/** What to send, and where to. */
export interface LoadRequest {
  url: string;
  /** A file whose lines are the bodies, sent in turn. */
  bodies: string;
  connections: number;
  seconds: number;
}

/** How a server stood a load. */
export interface LoadOutcome {
  /** Requests a second. */
  rate: number;
  /** Of the time from request to answer, in milliseconds. */
  p50: number;
  p90: number;
  p99: number;
}

/**
 * Finds wrk, or fetches Debian's package into bench/.cache, which needs no rights on the system.
 *
 * @throws {UserError} where there is neither.
 */
export async function installLoadGenerator(): Promise<LoadGenerator> {
  const found = await tryWrk("wrk", {});
  if (found) return found;
  const { arch } = Deno.build;
  const command = `${UNPACKED}/usr/bin/wrk`;
  const env = { LD_LIBRARY_PATH: `${UNPACKED}/usr/lib/${arch}-linux-gnu` };
  if (!(await exists(command))) await unpackWrk();
  const unpacked = await tryWrk(command, env);
  if (!unpacked) throw new UserError(`${command} does not start. Install wrk, and run again.`);
  return unpacked;
}

async function tryWrk(
  command: string,
  env: Record<string, string>,
): Promise<LoadGenerator | undefined> {
  try {
    const { stdout } = await new Deno.Command(command, { args: ["-v"], env, stdin: "null" })
      .output();
    const version = versionOf(new TextDecoder().decode(stdout));
    return version === undefined ? undefined : { command, env, version };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** `4.1.0` of `wrk debian/4.1.0-3 [epoll] Copyright ...`. */
export function versionOf(text: string): string | undefined {
  return /^wrk (?:\w+\/)?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}

async function unpackWrk(): Promise<void> {
  console.error(`Fetching wrk into ${UNPACKED} ...`);
  await Deno.mkdir(`${UNPACKED}/lists/partial`, { recursive: true });
  // Lists of its own: those of the system may be missing, and only root may fetch them.
  const lists = ["-o", `Dir::State::Lists=${await Deno.realPath(UNPACKED)}/lists`];
  const own = [...lists, "-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1"];
  await runTool("apt-get", [...own, "-qq", "update"]);
  await runTool("apt-get", [...own, "-qq", "download", ...PACKAGES]);
  for await (const { name } of Deno.readDir(UNPACKED)) {
    if (name.endsWith(".deb")) await runTool("dpkg", ["-x", name, "."]);
  }
}

async function runTool(command: string, args: string[]): Promise<void> {
  const problem = (reason: string) =>
    new UserError(`wrk is missing, and ${reason}. Install wrk, and run again.`);
  try {
    const options = { args, cwd: UNPACKED, stdin: "null" as const };
    const { success, stderr } = await new Deno.Command(command, options).output();
    if (success) return;
    throw problem(`${command} does not get it: ${firstError(new TextDecoder().decode(stderr))}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw problem(`${command} is too`);
    throw error;
  }
}

/**
 * Puts a server under load: on every connection, the next request goes out as soon as the last is
 * answered.
 *
 * @throws {Error} where some request was not answered, or not with success: then its rate says nothing.
 */
export async function runLoad(
  { command, env }: LoadGenerator,
  { url, bodies, connections, seconds }: LoadRequest,
): Promise<LoadOutcome> {
  const { origin, pathname } = new URL(url);
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [
      // A single thread: the other core is the server's.
      ...["--threads", "1", "--connections", `${connections}`, "--duration", `${seconds}s`],
      ...["--timeout", "60s", "--script", "bench/load.lua", origin, "--", bodies, pathname],
    ],
    env,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`wrk failed:\n${decoder.decode(stderr)}`);
  return readOutcome(decoder.decode(stdout), url);
}

/** What bench/load.lua prints; times in microseconds. */
type Printed = Record<
  "requests" | "microseconds" | "refused" | "failed" | "p50" | "p90" | "p99",
  number
>;

/** Reads what wrk printed, and throws as {@linkcode runLoad}. */
export function readOutcome(text: string, url: string): LoadOutcome {
  const { requests, microseconds, refused, failed, p50, p90, p99 }: Printed = JSON.parse(
    text.trim().split("\n").at(-1)!,
  );
  if (requests === 0 || refused + failed > 0) {
    throw new Error(
      `Expected ${url} to answer every request, but found ${requests} answers, ${refused} of them ` +
        `without success, and ${failed} broken connections`,
    );
  }
  return {
    rate: requests / (microseconds / 1e6),
    p50: p50 / 1000,
    p90: p90 / 1000,
    p99: p99 / 1000,
  };
}

import { UserError } from "../lib/errors.ts";

/** How to start a server that answers `POST /predict`. */
export interface ServerProgram {
  /** In messages. */
  name: string;
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** A server in a process of its own, which ends when it is disposed of. */
export interface Server extends AsyncDisposable {
  /** Of its `/predict`. */
  url: string;
  /** From starting the process to its first prediction. */
  startMs: number;
  /** The most memory that it had in use so far, in MB; undefined where the system does not tell. */
  peakMb(): Promise<number | undefined>;
}

const LONGEST_START_MS = 120_000, LONGEST_STOP_MS = 10_000, PAUSE_MS = 2;

/** A port of this machine that is free now. */
export function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

/**
 * Starts a server, and asks until it gives a prediction.
 *
 * @param port Where it will listen, on 127.0.0.1.
 * @param body What to ask: of one record.
 * @throws {Error} with what it printed to stderr, where it ends before; with its answer, where that
 *   is no prediction.
 */
export async function startServer(
  { name, command, args, env }: ServerProgram,
  port: number,
  body: string,
): Promise<Server> {
  const start = performance.now();
  const child = new Deno.Command(command, {
    args,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let ended = false;
  child.status.then(() => ended = true);
  const url = `http://127.0.0.1:${port}/predict`;
  const stop = async () => {
    if (ended) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_STOP_MS);
    await child.status;
    clearTimeout(timer);
  };
  try {
    while (!(await predicts(name, url, body))) {
      if (ended) throw new Error(`${name} did not start:\n${await stderr}`);
      if (performance.now() - start > LONGEST_START_MS) {
        throw new UserError(`${name} did not answer within ${LONGEST_START_MS / 1000} s.`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const startMs = performance.now() - start;
  return {
    url,
    startMs,
    peakMb: () => peakMemory(child.pid),
    [Symbol.asyncDispose]: stop,
  };
}

/** Whether a server gives a prediction; not yet, where none listens or its model is being loaded. */
async function predicts(name: string, url: string, body: string): Promise<boolean> {
  let response: Response;
  try {
    const headers = { "content-type": "application/json" };
    response = await fetch(url, { method: "POST", headers, body });
  } catch {
    return false;
  }
  const text = await response.text();
  if (response.status === 503) return false;
  const forecasts = response.ok ? JSON.parse(text).predictions : undefined;
  if (forecasts?.length === 1 && Number.isFinite(forecasts[0])) return true;
  throw new Error(`Expected a prediction of ${name}, but found ${response.status}: ${text}`);
}

async function peakMemory(pid: number): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  // Deno itself reads /proc only with all rights.
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/status`] }).output();
  return peakOf(new TextDecoder().decode(stdout));
}

/** The most memory in use, in MB of 10^6 bytes, of a process's status as Linux tells it. */
export function peakOf(status: string): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024 / 1e6;
}

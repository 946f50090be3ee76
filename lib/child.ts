const WINDOWS = Deno.build.os === "windows";
const SIGNALS: Deno.Signal[] = WINDOWS ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program with our stdin, stdout and stderr until it ends. A signal that stops us reaches it
 * and all that it started, and we wait for them. Needs the right to run anything, to pass signals on.
 *
 * @param env Variables to set beside our own.
 * @returns Its exit code; 128 plus the number of the signal where one ended it.
 *
 * @example
 * ```ts
 * import { runChild } from "./child.ts";
 * Deno.exitCode = await runChild(".venv/bin/dvc", ["status"]);
 * ```
 */
export async function runChild(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<number> {
  // A terminal sends its signals to the whole group of processes. Where none does, the program
  // leads a group of its own, so that one signal reaches its children too: DVC passes none on.
  const leads = !WINDOWS && !Deno.stdin.isTerminal();
  const child = new Deno.Command(command, {
    args,
    env,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    detached: leads,
  }).spawn();
  let stopped: Deno.Signal | undefined;
  const listeners = SIGNALS.map((signal) => ({
    signal,
    listener: () => {
      stopped = signal;
      passOn(leads ? -child.pid : child.pid, signal);
    },
  }));
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
  try {
    const { code } = await child.status;
    // A program that was interrupted may still say 0; what was to come after it must not run.
    return stopped && code === 0 ? 130 : code;
  } finally {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  }
}

function passOn(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

import { UserError } from "../lib/errors.ts";
import { type ExtraEnvironment, extraTool } from "../tasks/extra_environment.ts";

/** Scripts under bench/runs, each one measured run of ours. */
export type OurScript =
  | "answer"
  | "fit"
  | "fit_model"
  | "fit_product"
  | "fit_served"
  | "grow"
  | "load_model"
  | "ml_random_forest"
  | "predict"
  | "write_requests";

/** Those that need Polars, a native library, and so a permission set of their own. */
const READS_PARQUET: OurScript[] = ["fit_product", "fit_served"];

/** What a task of bench/peers/run.py gets. */
export interface PeerRequest {
  threads: number;
  [key: string]: unknown;
}

/** The peers' Python environment. */
export const PEERS: ExtraEnvironment = { folder: "bench", content: "the peers" };

/**
 * Runs a script of bench/runs with `request` as its argument, in a process of its own.
 *
 * @returns What it printed, a line of JSON.
 * @throws {Error} with what it printed to stderr, where it fails.
 */
export async function runOurs<Result>(script: OurScript, request: object): Promise<Result> {
  // Before memory is measured, what is free must be given back.
  const permissions = READS_PARQUET.includes(script) ? "bench_product" : "bench_run";
  const flags = ["-q", "--no-check", `-P=${permissions}`, "--v8-flags=--expose-gc"];
  const args = ["run", ...flags, `bench/runs/${script}.ts`, JSON.stringify(request)];
  return await runAlone<Result>(`bench/runs/${script}.ts`, Deno.execPath(), args);
}

/** As {@linkcode runOurs}, for a task of bench/peers/run.py with at most `threads` threads. */
export async function runPeer<Result>(task: string, request: PeerRequest): Promise<Result> {
  const args = ["bench/peers/run.py", JSON.stringify({ task, ...request })];
  const threads = String(request.threads);
  const env = { OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads, PYTHONWARNINGS: "ignore" };
  return await runAlone<Result>(
    `bench/peers/run.py (${task})`,
    extraTool(PEERS, "python"),
    args,
    env,
  );
}

async function runAlone<Result>(
  name: string,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Result> {
  const { success, signal, stdout, stderr } = await new Deno.Command(command, {
    args,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (signal === "SIGKILL") {
    throw new UserError(
      `${name} was killed, perhaps because memory ran out. Free some, run again.`,
    );
  }
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${name} failed:\n${decoder.decode(stderr)}`);
  // A library may greet on stdout; the result comes last.
  return JSON.parse(decoder.decode(stdout).trim().split("\n").at(-1)!);
}

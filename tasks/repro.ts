import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { exists, readTextFile } from "../lib/files.ts";
import { summaryTable } from "../lib/evaluation/summary.ts";
import { pathWithDeno } from "../lib/tools.ts";
import { runDvc } from "./dvc.ts";
import { repairDvc } from "./repair_dvc.ts";
import { setUp } from "./setup.ts";

const RAW_DATA = ["data/train.csv", "data/features.csv", "data/stores.csv"];

const COMMAND = {
  name: "deno task repro",
  summary:
    "Runs the whole line: set-up, data, the stages that are due, the MLflow log, a summary.\n" +
    "All arguments go to `dvc repro`; `deno task dvc repro --help` lists them.",
  options: {},
  positionals: "[arguments of dvc repro] [STAGE ...]",
  examples: [
    "deno task repro                  what has changed, and all that follows from it",
    "deno task repro --force          everything",
    "deno task repro train            up to one stage",
    "deno task repro --dry            only say what would run",
  ],
};

/**
 * Brings everything up to date.
 *
 * @param args For `dvc repro`, and for nothing else.
 * @returns Exit code, DVC's own where DVC failed.
 * @throws {UserError} where set-up fails or another one runs.
 */
export async function repro(args: string[]): Promise<number> {
  await setUp();
  using lock = await lockRepro();
  if (lock.leftByKill) await repairDvc();
  if (!(await dataIsThere())) {
    const code = await runScript("data", "tasks/data.ts");
    if (code !== 0) return code;
  }
  const code = await runDvc(["repro", ...args]);
  if (!endedBySignal(code)) lock.markEnded();
  if (code !== 0) {
    console.error(
      "error: DVC stopped; the messages above say why. What earlier runs made is as it was." +
        " If another DVC command is at work, let it end. Then run `deno task repro` again.",
    );
    return code;
  }
  const whole = !args.includes("--dry") && args.every((arg) => arg.startsWith("-"));
  if (!whole) return 0;
  // DVC skips a stage that it has seen, so that a store which is new or was removed stays empty.
  const logged = await runScript("log_mlflow", "pipeline/log_mlflow.ts");
  if (logged !== 0) return logged;
  await printSummary();
  return 0;
}

/** Signals have numbers up to 64; what DVC says for itself is less than 128, or more than 250. */
function endedBySignal(code: number): boolean {
  return code > 128 && code <= 128 + 64;
}

async function dataIsThere(): Promise<boolean> {
  return (await Promise.all(RAW_DATA.map(exists))).every((there) => there);
}

/** Runs one of our scripts under its own permission set. */
function runScript(permissions: string, script: string): Promise<number> {
  return runChild(Deno.execPath(), ["run", "-q", `-P=${permissions}`, script], {
    PATH: pathWithDeno(),
  });
}

interface ReproLock extends Disposable {
  /** Whether DVC was killed the last time, so that its files may be cut short. */
  leftByKill: boolean;
  /** To be called when DVC has ended by itself. */
  markEnded(): void;
}

/** Keeps a second repro out, and remembers across a kill that DVC was at work. */
async function lockRepro(): Promise<ReproLock> {
  await Deno.mkdir(".dvc/tmp", { recursive: true });
  const path = ".dvc/tmp/repro.lock";
  const file = await Deno.open(path, { create: true, write: true });
  // The system frees the lock when we end, however we end.
  if (!(await file.tryLock(true))) {
    file.close();
    throw new UserError(
      "Another `deno task repro` is at work in this folder. Let it end, or stop it, and run again.",
    );
  }
  const leftByKill = (await file.stat()).size > 0;
  await file.write(new TextEncoder().encode("DVC is at work\n"));
  return {
    leftByKill,
    markEnded: () => file.truncateSync(0),
    [Symbol.dispose]: () => file.close(),
  };
}

async function printSummary(): Promise<void> {
  const [all, best] = await Promise.all(
    ["metrics/metrics_all.json", "metrics/best_val_metrics.json"].map(async (path) =>
      JSON.parse(await readTextFile(path, "Make it with `deno task repro --force`."))
    ),
  );
  console.log(`
${summaryTable(all, best.validation, best.selected_by)}

Next:
  deno task mlflow             browse runs, metrics and models on http://localhost:5000
  deno task dvc plots show     pictures: dvc_plots/index.html
  deno task dvc metrics diff   what changed since the last commit
  deno task dvc exp run --set-param rf.n_estimators=200   try another parameter`);
}

if (import.meta.main) {
  const help = Deno.args.some((arg) => arg === "--help" || arg === "-h");
  // Else no arguments for runCommand: they are DVC's to understand.
  await runCommand(COMMAND, async () => Deno.exit(await repro(Deno.args)), help ? ["-h"] : []);
}

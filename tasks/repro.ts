import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { RAW_PATHS } from "../lib/dataset/raw_files.ts";
import { summaryTable } from "../lib/evaluation/summary.ts";
import { exists, readTextFile } from "../lib/files.ts";
import { takeLock } from "../lib/lock.ts";
import { pathWithDeno } from "../lib/tools.ts";
import { runDvc } from "./dvc.ts";
import { guardDvc } from "./guard_dvc.ts";
import { setUp } from "./setup.ts";

const COMMAND = {
  name: "deno task repro",
  summary:
    "Runs the whole line: set-up, data, the stages that are due, the MLflow log, a summary.\n" +
    "All arguments go to `dvc repro`; `deno task dvc repro --help` lists them.",
  options: {},
  usage: "[arguments of dvc repro] [STAGE ...]",
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
 * @returns Exit code: 1 where something failed, above 128 where a signal stopped it.
 * @throws {UserError} where set-up fails or another one runs.
 */
export async function repro(args: string[]): Promise<number> {
  await setUp();
  using _lock = await takeLock(
    ".dvc/tmp/repro.lock",
    "Another `deno task repro` is at work in this folder. Let it end, or stop it, and run again.",
  );
  const code = await guardDvc(async () => await bringData() || await runStages(args));
  // DVC says 253 to 255 for what is just a failure.
  if (code !== 0) return code > 252 ? 1 : code;
  const whole = !args.includes("--dry") && args.every((arg) => arg.startsWith("-"));
  if (!whole) return 0;
  // DVC skips a stage that it has seen, so that a store which is new or was removed stays empty.
  const logged = await runScript("log_mlflow", "pipeline/log_mlflow.ts");
  // With MLflow down, the models are there all the same.
  await printSummary();
  return logged;
}

async function bringData(): Promise<number> {
  const there = await Promise.all(RAW_PATHS.map(exists));
  return there.every((there) => there) ? 0 : await runScript("data", "tasks/data.ts");
}

async function runStages(args: string[]): Promise<number> {
  const code = await runDvc(["repro", ...args]);
  if (code !== 0) {
    console.error(
      "What earlier runs made is as it was. Mend what the first error above names (if it is another " +
        "DVC command at work, let it end), then run `deno task repro` again.",
    );
  }
  return code;
}

/** Runs one of our scripts under its own permission set. */
function runScript(permissions: string, script: string): Promise<number> {
  return runChild(Deno.execPath(), ["run", "-q", `-P=${permissions}`, script], {
    PATH: pathWithDeno(),
  });
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
  deno task mlflow             browse runs, metrics and models at the address it prints
  deno task dvc plots show     pictures: dvc_plots/index.html
  deno task report             what this branch does to the forecasts, beside its base
  deno task dvc exp run --set-param rf.n_estimators=200   try another parameter`);
}

if (import.meta.main) {
  const help = Deno.args.some((arg) => arg === "--help" || arg === "-h");
  // Else no arguments for runCommand: they are DVC's to understand.
  await runCommand(COMMAND, async () => Deno.exit(await repro(Deno.args)), help ? ["-h"] : []);
}

import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { firstError } from "../lib/first_error.ts";
import { exists, readTextFile } from "../lib/files.ts";
import { takeLock } from "../lib/lock.ts";
import { readParams } from "../lib/params.ts";
import { startProgress } from "../lib/progress.ts";
import { writeFileAtomic } from "../lib/write_files.ts";
import { runOurs, runPeer } from "./alone.ts";
import { installPeers } from "./environment.ts";
import { machineFacts, ownVersions } from "./machine.ts";
import { renderResults } from "./render.ts";
import { type DataFacts, qualityProblems, type SuiteResult } from "./results.ts";
import type { Bench, Suite } from "./suite.ts";
import { SUITES } from "./suites.ts";
import { CACHE, randomTable, type TableFacts, type TableName, tablePath } from "./table.ts";

const REPORT = "bench/RESULTS.md";

const COMMAND = {
  name: "deno task bench",
  summary:
    "Measures lib/trees and the API side by side with others, on the raw tables of data/.\n" +
    "Writes bench/results/SUITE.json and bench/RESULTS.md. Needs a machine with nothing else to do.\n" +
    "Suites; without names all of them run:\n" +
    [...SUITES].map(([name, { about }]) => `  ${name.padEnd(17)} ${about}`).join("\n"),
  usage: "[SUITE ...] [options]",
  options: {
    runs: { type: "string", value: "N", description: "runs of each side", default: "5" },
    seconds: {
      type: "string",
      value: "N",
      description: "how long a server is under each load (suite api)",
      default: "5",
    },
    data: {
      type: "string",
      value: "DIR",
      description: "folder of the raw tables",
      default: "data",
    },
  } as const,
  examples: [
    "deno task bench",
    "deno task bench boosting forest --data ../walmart",
    "deno task bench:api --runs 3",
  ],
};

/** What the command line asks for. */
interface Wish {
  suites: string[];
  runs: number;
  seconds: number;
  data: string;
}

/** Runs the suites one by one; each is written as soon as it is measured. */
async function bench({ suites, runs, seconds, data }: Wish): Promise<void> {
  using _lock = await takeLock(
    `${CACHE}/bench.lock`,
    "Another `deno task bench` is at work in this folder. Let it end, or stop it, and run again.",
  );
  const versions = new Map<string, Record<string, string>>();
  for (const name of suites) {
    const { install = installPeers } = SUITES.get(name)!;
    versions.set(name, { ...ownVersions(), ...await install() });
  }
  const facts = await makeTables(data, runs);
  const common = {
    measured: new Date().toISOString().slice(0, 10),
    runs,
    machine: machineFacts(),
    data: facts,
  };
  const problems: string[] = [];
  for (const name of suites) {
    const figures = await measureSuite(name, SUITES.get(name)!, runs, seconds);
    const result: SuiteResult = {
      suite: name,
      ...common,
      versions: versions.get(name)!,
      figures,
    };
    await writeFileAtomic(resultPath(name), JSON.stringify(result, null, 2) + "\n");
    await writeReport();
    problems.push(...qualityProblems(result));
  }
  console.log(`Wrote ${suites.map(resultPath).join(", ")} and ${REPORT}.`);
  if (problems.length > 0) throw new UserError(`Our quality falls behind. ${problems.join("; ")}.`);
}

function resultPath(suite: string): string {
  return `bench/results/${suite}.json`;
}

async function measureSuite(name: string, suite: Suite, runs: number, seconds: number) {
  const params = await readParams();
  const [random, time] = await Promise.all([readFacts(randomTable(0)), readFacts("time")]);
  const total = suite.processes({ runs, params });
  console.error(`${name}: ${total} processes`);
  const progress = startProgress(name, total, "processes");
  let done = 0;
  const counted = async <Result>(running: Promise<Result>) => {
    const result = await running;
    progress.update(++done);
    return result;
  };
  const bench: Bench = {
    runs,
    seconds,
    params,
    tables: { random, time },
    ours: (script, request) => counted(runOurs(script, request)),
    peer: (task, request) => counted(runPeer(task, request)),
    counted,
    say(line) {
      progress.end();
      console.error(line);
      progress.update(done);
    },
  };
  try {
    return await suite.measure(bench);
  } finally {
    progress.end();
  }
}

async function readFacts(name: TableName): Promise<TableFacts> {
  return JSON.parse(await Deno.readTextFile(`${tablePath(name)}.json`));
}

/** In a process of its own, so that this one stays small: runs inherit its mark of most memory. */
async function makeTables(folder: string, runs: number): Promise<DataFacts> {
  console.error(`Making the tables of ${folder} ...`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-P=bench_tables",
      "bench/make_tables.ts",
      "--data",
      folder,
      "--runs",
      `${runs}`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return JSON.parse(decoder.decode(stdout));
  const text = decoder.decode(stderr);
  const message = /^error: (?!Uncaught)(.*)$/m.exec(text)?.[1];
  throw message ? new UserError(message) : new Error(`bench/make_tables.ts failed:\n${text}`);
}

/** Makes RESULTS.md anew from all results that are there. */
async function writeReport(): Promise<void> {
  const results: SuiteResult[] = [];
  for (const suite of SUITES.keys()) {
    const path = resultPath(suite);
    if (await exists(path)) results.push(JSON.parse(await readTextFile(path, "")));
  }
  await writeFileAtomic(REPORT, await formatMarkdown(renderResults(results)));
}

/** As `deno fmt` wants it, which is how all of the project's Markdown stands. */
async function formatMarkdown(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext=md", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`deno fmt failed: ${firstError(decoder.decode(stderr))}`);
  return decoder.decode(stdout);
}

function checkSuites(names: string[]): string[] {
  const unknown = names.find((name) => !SUITES.has(name));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no suite ${unknown}. Expected some of ${[...SUITES.keys()].join(", ")}.`,
    );
  }
  return names.length > 0 ? [...new Set(names)] : [...SUITES.keys()];
}

function checkCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new UserError(`--${option}: expected a whole number from 1 on, but found ${text}.`);
  }
  return count;
}

if (import.meta.main) {
  // Names come first; what follows is for the command to understand.
  const first = Deno.args.findIndex((arg) => arg.startsWith("-"));
  const names = first < 0 ? Deno.args : Deno.args.slice(0, first);
  await runCommand(
    COMMAND,
    ({ values }) =>
      bench({
        suites: checkSuites(names),
        runs: checkCount("runs", values.runs),
        seconds: checkCount("seconds", values.seconds),
        data: values.data,
      }),
    Deno.args.slice(names.length),
  );
}

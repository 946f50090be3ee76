import type { Learner } from "../lib/trees/mod.ts";
import type { Comparison, ComparisonFigures, Side, TableSize } from "./results.ts";
import { ratio, spread } from "./statistics.ts";
import type { Bench, Suite } from "./suite.ts";
import { randomTable, type TableFacts, tablePath } from "./table.ts";

/** How a side takes a random table's rows. */
export interface FitInput {
  /** Store, Dept and Type as categories; else all columns are numbers. */
  categories: boolean;
  /** 0 in place of missing values. */
  fill: boolean;
  /** Evenly spread rows of the training part and of the test part; all where it is missing. */
  rows?: { train: number; test: number };
}

/** What bench/runs/fit.ts does. */
export interface FitRequest extends FitInput {
  learner: Learner;
  threads: number;
  /** Number of the run: its random table, and its seed. */
  run: number;
}

/** What a fit gives, of ours or of a peer. */
export interface FitOutcome {
  seconds: number;
  rmse: number;
  peak_mb: number | null;
}

/** A comparison to be made. */
export interface Case {
  workload: string;
  threads: number;
  /** See {@linkcode Comparison.target}. */
  target: number;
  ours: FitInput & { learner: Learner };
  peer:
    & FitInput
    & { name: string }
    & ({
      /** In bench/peers/run.py. */
      task: string;
      parameters: object;
      /** How it likes a matrix best: row by row, or column by column. */
      order?: "C" | "F";
    } | { script: "ml_random_forest"; trees: number });
}

/** A suite that compares case by case. */
export function comparisonSuite(
  about: string,
  cases: (bench: Pick<Bench, "params">) => Case[],
): Suite {
  return {
    about,
    processes: (bench) => cases(bench).length * bench.runs * 2,
    async measure(bench): Promise<ComparisonFigures> {
      const comparisons: Comparison[] = [];
      for (const each of cases(bench)) comparisons.push(await compare(bench, each));
      return { kind: "comparisons", table: tableSize(bench.tables.random), comparisons };
    },
  };
}

/** Size of a table as results have it. */
export function tableSize({ rows, trainRows, features }: TableFacts): TableSize {
  return { train_rows: trainRows, test_rows: rows - trainRows, columns: features.length };
}

/** Runs both sides in turns; run by run on other random rows with another seed, the same for both. */
async function compare(bench: Bench, { workload, threads, target, ours, peer }: Case) {
  const ourFits: FitOutcome[] = [], peerFits: FitOutcome[] = [];
  for (let run = 0; run < bench.runs; run++) {
    ourFits.push(await runOurFit(bench, ours, threads, run));
    peerFits.push(await runPeerFit(bench, peer, threads, run));
  }
  const comparison: Comparison = {
    workload,
    threads,
    rows: ours.rows?.train ?? bench.tables.random.trainRows,
    ours: summarize("ours", ours, ourFits),
    peer: summarize(peer.name, peer, peerFits),
    ratio: ratio(ourFits.map(({ seconds }) => seconds), peerFits.map(({ seconds }) => seconds)),
    target,
  };
  const words = (side: Side) =>
    `${side.name} ${side.seconds.median.toFixed(2)} s, RMSE ${side.rmse.toFixed(1)}`;
  bench.say(
    `${workload}, ${threads} thread${threads > 1 ? "s" : ""}: ${words(comparison.ours)}; ` +
      `${words(comparison.peer)}; ratio ${comparison.ratio.median.toFixed(3)}`,
  );
  return comparison;
}

function runOurFit(
  bench: Bench,
  { learner, ...input }: Case["ours"],
  threads: number,
  run: number,
): Promise<FitOutcome> {
  const parameters = { ...learner.parameters, random_state: run };
  const request: FitRequest = {
    ...input,
    learner: { ...learner, parameters } as Learner,
    threads,
    run,
  };
  return bench.ours("fit", request);
}

function runPeerFit(
  bench: Bench,
  { name: _, ...peer }: Case["peer"],
  threads: number,
  run: number,
): Promise<FitOutcome> {
  if ("script" in peer) return bench.ours(peer.script, { ...peer, run });
  const { task, ...request } = peer;
  return bench.peer(task, { ...request, table: tablePath(randomTable(run)), threads, run });
}

function summarize(name: string, input: FitInput, fits: FitOutcome[]): Side {
  const peaks = fits.map(({ peak_mb }) => peak_mb).filter((peak) => peak !== null);
  const squares = fits.map(({ rmse }) => rmse ** 2);
  return {
    name,
    input: describeInput(input),
    seconds: spread(fits.map(({ seconds }) => seconds)),
    rmse: Math.sqrt(squares.reduce((a, b) => a + b) / squares.length),
    run_rmse: spread(fits.map(({ rmse }) => rmse)),
    ...(peaks.length > 0 ? { peak_mb: spread(peaks) } : {}),
  };
}

function describeInput({ categories, fill }: FitInput): string {
  return (categories ? "categories" : "numbers") + (fill ? ", missing as 0" : "");
}

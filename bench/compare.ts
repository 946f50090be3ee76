import { rmse } from "../lib/evaluation/metrics.ts";
import type { Learner } from "../lib/trees/mod.ts";
import type { Comparison, ComparisonFigures, Side, TableSize } from "./results.ts";
import { ratio, spread } from "./statistics.ts";
import type { Bench, Suite } from "./suite.ts";
import { CACHE, readTestTargets, type TableFacts, tablePath, thinRows } from "./table.ts";

/** How a side takes the random table's rows. */
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
  /** A file for the forecasts of the test part: float64, little-endian. */
  forecasts: string;
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

/** What the runs of one side gave. */
interface Outcomes {
  fits: FitOutcome[];
  /** Sum of the forecasts. */
  forecasts: Float64Array;
}

const FORECASTS = `${CACHE}/forecasts.f64`;

/** Runs both sides in turns; run by run with another seed, the same on both sides. */
async function compare(bench: Bench, { workload, threads, target, ours, peer }: Case) {
  const targets = thinRows(await readTestTargets(bench.tables.random), ours.rows?.test).targets;
  const empty = (): Outcomes => ({ fits: [], forecasts: new Float64Array(targets.length) });
  const outcomes = { ours: empty(), peer: empty() };
  for (let seed = 0; seed < bench.runs; seed++) {
    await addRun(outcomes.ours, runOurFit(bench, ours, threads, seed));
    await addRun(outcomes.peer, runPeerFit(bench, peer, threads, seed));
  }
  const seconds = ({ fits }: Outcomes) => fits.map(({ seconds }) => seconds);
  const comparison: Comparison = {
    workload,
    threads,
    rows: ours.rows?.train ?? bench.tables.random.trainRows,
    ours: summarize("ours", ours, outcomes.ours, targets),
    peer: summarize(peer.name, peer, outcomes.peer, targets),
    ratio: ratio(seconds(outcomes.ours), seconds(outcomes.peer)),
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

async function addRun(to: Outcomes, running: Promise<FitOutcome>): Promise<void> {
  to.fits.push(await running);
  const forecasts = new Float64Array((await Deno.readFile(FORECASTS)).buffer);
  if (forecasts.length !== to.forecasts.length) {
    throw new Error(`Expected ${to.forecasts.length} forecasts, but found ${forecasts.length}`);
  }
  for (const [row, forecast] of forecasts.entries()) to.forecasts[row]! += forecast;
}

function runOurFit(
  bench: Bench,
  { learner, ...input }: Case["ours"],
  threads: number,
  seed: number,
): Promise<FitOutcome> {
  const seeded = {
    ...learner,
    parameters: { ...learner.parameters, random_state: seed },
  } as Learner;
  const request: FitRequest = { ...input, learner: seeded, threads, forecasts: FORECASTS };
  return bench.ours("fit", request);
}

function runPeerFit(
  bench: Bench,
  { name: _, ...peer }: Case["peer"],
  threads: number,
  seed: number,
): Promise<FitOutcome> {
  const forecasts = FORECASTS;
  if ("script" in peer) return bench.ours(peer.script, { ...peer, seed, forecasts });
  const { task, ...request } = peer;
  const table = tablePath("random");
  return bench.peer(task, { ...request, table, threads, seed, forecasts });
}

function summarize(
  name: string,
  input: FitInput,
  { fits, forecasts }: Outcomes,
  targets: Float64Array,
): Side {
  const peaks = fits.map(({ peak_mb }) => peak_mb).filter((peak) => peak !== null);
  return {
    name,
    input: describeInput(input),
    seconds: spread(fits.map(({ seconds }) => seconds)),
    rmse: rmse(targets, forecasts.map((sum) => sum / fits.length)),
    run_rmse: spread(fits.map(({ rmse }) => rmse)),
    ...(peaks.length > 0 ? { peak_mb: spread(peaks) } : {}),
  };
}

function describeInput({ categories, fill }: FitInput): string {
  return (categories ? "categories" : "numbers") + (fill ? ", missing as 0" : "");
}

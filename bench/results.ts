/**
 * What a suite writes to bench/results/SUITE.json. Times in seconds, memory in MB of 10^6 bytes; a
 * ratio is ours divided by theirs, so that below 1 we are faster.
 *
 * @module
 */

import type { Spread } from "./statistics.ts";

/** Where the figures were taken. */
export interface MachineFacts {
  cpu: string;
  cores: number;
  memory_gb: number;
  os: string;
}

/** What was learned from. */
export interface DataFacts {
  rows: number;
  stores: number;
  departments: number;
  weeks: { first: string; last: string };
  train_csv_md5: string;
  /** Whether these are the tables that the project's `.dvc` files stand for. */
  tracked: boolean;
}

/** Rows and columns of one of the bench's tables. */
export interface TableSize {
  train_rows: number;
  test_rows: number;
  columns: number;
}

/** One side of a comparison. */
export interface Side {
  name: string;
  /** How it takes the columns, as words. */
  input: string;
  seconds: Spread;
  /** Over the test rows of all runs. */
  rmse: number;
  /** Of each run. */
  run_rmse: Spread;
  /** Most memory beyond the loaded table; missing where the system does not tell. */
  peak_mb?: Spread;
}

/** Ours against a peer, run by run in turns. */
export interface Comparison {
  workload: string;
  threads: number;
  /** Training rows. */
  rows: number;
  ours: Side;
  peer: Side;
  ratio: Spread;
  /** The ratio must not be above it. */
  target: number;
}

/** Suites that hold ours against others in fitting. */
export interface ComparisonFigures {
  kind: "comparisons";
  table: TableSize;
  comparisons: Comparison[];
}

/** How time and memory grow, one point a setting. */
export interface GrowthPoint {
  /** What the points of one series differ in. */
  series: "rows" | "features" | "trees" | "workers";
  shape: "panel" | "uniform";
  learner: "boosting" | "forest";
  rows: number;
  features: number;
  trees: number;
  workers: number;
  seconds: Spread;
  /** Most memory beyond the input. */
  peak_mb: Spread;
  /** Rows x features bytes. */
  binned_mb: number;
}

/** The suite `growth`. */
export interface GrowthFigures {
  kind: "growth";
  points: GrowthPoint[];
}

/** Speed of a trained model. */
export interface PredictionModel {
  name: string;
  trees: number;
  leaves: number;
  /** One record in-process: of each run the median over many records, and the 99th percentile. */
  one: { microseconds: Spread; p99: Spread; target: number };
  batch: {
    peer: string;
    rows: number;
    ours: Spread;
    theirs: Spread;
    ratio: Spread;
    /** Greatest difference between both sides' predictions, in USD. */
    max_difference: number;
  }[];
}

/** The suite `prediction`. */
export interface PredictionFigures {
  kind: "prediction";
  models: PredictionModel[];
}

/** A model that was trained on the weeks before the split, and its file. */
export interface SizedModel {
  learner: "rf" | "gbr";
  /** Parameters that differ from those of params.yaml, as words. */
  change: string;
  trees: number;
  leaves: number;
  /** Size of the file, in MB of 10^6 bytes. */
  file_mb: number;
  /** On the weeks behind the split. */
  validation_rmse: number;
}

/** The suite `model`. */
export interface ModelFigures {
  kind: "model";
  table: TableSize;
  /** The models of params.yaml; load is from reading the file to the first forecast. */
  defaults: (SizedModel & { load_ms: Spread; targets: { file_mb: number; load_ms?: number } })[];
  /** A forest without limits, against which the others' RMSE is measured. */
  unlimited: SizedModel;
  curve: SizedModel[];
}

/** A server under load, each figure over the runs. */
export interface ServerFigures {
  /**
   * In the same framework and on the same runtime as ours, `empty` is a handler that does nothing, and
   * `bare` one that forecasts with a model of ours and does nothing else.
   */
  side: "empty" | "bare" | "ours" | "peer";
  /** Name of the model, such as `rf`; none for the empty handler. */
  model?: string;
  /** Of our model files. */
  size?: { trees: number; leaves: number; file_mb: number };
  /** From starting the process to its first prediction, in milliseconds. */
  start_ms: Spread;
  /** Requests of one record; latencies in milliseconds, the most memory in use until the end. */
  one: { connections: number; rate: Spread; p50: Spread; p90: Spread; p99: Spread }[];
  one_mb?: Spread;
  /** Requests of many records on one connection. */
  batch?: { records_a_second: Spread; p50: Spread; peak_mb?: Spread };
  /** A stream of rows: the most memory in use when a tenth was answered, and in the end. */
  csv?: { rows_a_second: Spread; tenth_mb?: Spread; peak_mb?: Spread };
  /** In a process without a server: microseconds a record. */
  inside?: Record<"parse" | "check" | "forecast" | "trees" | "write" | "all", Spread>;
}

/** The suite `api`. */
export interface ApiFigures {
  kind: "api";
  /** Of each load. */
  seconds: number;
  batch_records: number;
  csv_rows: number;
  /** What the peer's models learned from. */
  peer_rows: number;
  servers: ServerFigures[];
  /** Ours against the peer with the same kind of model: rate divided by rate. */
  times: { model: string; connections: number; times: Spread }[];
  /** Ours and the bare handler against the empty one: rate divided by rate. */
  shares: { side: "bare" | "ours"; model: string; connections: number; share: Spread }[];
}

/** What a suite measured. */
export type Figures =
  | ComparisonFigures
  | GrowthFigures
  | PredictionFigures
  | ModelFigures
  | ApiFigures;

/** Content of bench/results/SUITE.json. */
export interface SuiteResult {
  suite: string;
  /** Day, as YYYY-MM-DD. */
  measured: string;
  runs: number;
  machine: MachineFacts;
  versions: Record<string, string>;
  data: DataFacts;
  figures: Figures;
}

/** How much worse than a peer's our RMSE may be: 1 %. */
export const RMSE_TOLERANCE = 1.01;

/** How far forecasts of the same trees may lie apart, in USD: rounding of the last bits. */
export const SAME_FORECAST = 1e-6;

/**
 * Where a speed says nothing, in words: comparisons in which our RMSE is worse than
 * {@linkcode RMSE_TOLERANCE} allows, and batches whose forecasts are not the same.
 */
export function qualityProblems({ suite, figures }: SuiteResult): string[] {
  if (figures.kind === "comparisons") {
    return figures.comparisons
      .filter(({ ours, peer }) => ours.rmse > RMSE_TOLERANCE * peer.rmse)
      .map(({ workload, threads, rows, ours, peer }) =>
        `${suite}, ${workload} (${ours.input}), ${rows} rows, ${threads} threads: RMSE ` +
        `${ours.rmse.toFixed(1)} is more than 1 % above ${peer.name}'s ${peer.rmse.toFixed(1)}`
      );
  }
  if (figures.kind !== "prediction") return [];
  return figures.models.flatMap(({ name, batch }) =>
    batch
      .filter(({ max_difference }) => !(max_difference <= SAME_FORECAST))
      .map(({ peer, max_difference }) =>
        `${suite}, ${name}: ${peer}'s forecasts differ from ours by up to ${max_difference}`
      )
  );
}

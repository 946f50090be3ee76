import type { Params } from "../lib/params_schema.ts";
import type { OurScript, PeerRequest } from "./alone.ts";
import type { Figures } from "./results.ts";
import type { TableFacts } from "./table.ts";

/** What a suite works with. */
export interface Bench {
  /** How often each side of a comparison runs. */
  runs: number;
  /** How long a server is put under one load. */
  seconds: number;
  params: Params;
  tables: { random: TableFacts; time: TableFacts };
  /** See `runOurs()` and `runPeer()`; the progress line moves on with every call. */
  ours<Result>(script: OurScript, request: object): Promise<Result>;
  peer<Result>(task: string, request: PeerRequest): Promise<Result>;
  /** Moves the progress line on when something else that was started has ended. */
  counted<Result>(running: Promise<Result>): Promise<Result>;
  /** Says what was found so far, on stderr. */
  say(line: string): void;
}

/** A part of the benchmark that can be run by itself. */
export interface Suite {
  /** A line for people. */
  about: string;
  /**
   * Installs what ours is measured against, and tells the versions; without: what `bench/peers` holds.
   */
  install?(): Promise<Record<string, string>>;
  /** How many processes {@linkcode Suite.measure} starts. */
  processes(bench: Pick<Bench, "runs" | "params">): number;
  measure(bench: Bench): Promise<Figures>;
}

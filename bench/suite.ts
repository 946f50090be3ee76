import type { Params } from "../lib/params_schema.ts";
import type { OurScript, PeerRequest } from "./alone.ts";
import type { Figures } from "./results.ts";
import type { TableFacts } from "./table.ts";

/** What a suite works with. */
export interface Bench {
  /** How often each side of a comparison runs. */
  runs: number;
  params: Params;
  tables: { random: TableFacts; time: TableFacts };
  /** See `runOurs()` and `runPeer()`; the progress line moves on with every call. */
  ours<Result>(script: OurScript, request: object): Promise<Result>;
  peer<Result>(task: string, request: PeerRequest): Promise<Result>;
  /** Says what was found so far, on stderr. */
  say(line: string): void;
}

/** A part of the benchmark that can be run by itself. */
export interface Suite {
  /** A line for people. */
  about: string;
  /** How many processes {@linkcode Suite.measure} starts. */
  processes(bench: Pick<Bench, "runs" | "params">): number;
  measure(bench: Bench): Promise<Figures>;
}

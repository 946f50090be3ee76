import type { Failure } from "../failures.ts";
import type { Mapping } from "./match_columns.ts";
import type { TextFormat } from "./sniff.ts";
import type { RowError } from "./table.ts";

/** What the page asks of the worker. */
export type ToWorker =
  | { type: "open"; file: File }
  | { type: "check"; mapping: Mapping }
  | { type: "send"; model: string; level: number | null; origin: number }
  | { type: "cancel" }
  | { type: "export"; file: Blob; format: TextFormat; result: BatchResult };

/** What the first look at a file finds. */
export interface Opened {
  format: TextFormat;
  header: string[];
  mapping: Mapping;
  first: { line: number; cells: string[] }[];
}

/** How a file is after all its rows were looked at. */
export interface Checked {
  rows: number;
  badRows: number;
  errors: RowError[];
}

/** A finished batch, whole or in part. */
export interface BatchResult {
  fileName: string;
  model: string;
  /** Of the ranges, in per cent; none without ranges. */
  level: number | null;
  rows: number;
  /** Lines of the file, one a row. */
  lines: Uint32Array;
  /** What names a row: store, department and the day its week is named by; NaN where there is none. */
  store: Float64Array;
  dept: Float64Array;
  day: Float64Array;
  /** In USD; NaN where a row has no forecast. */
  prediction: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  badRows: number;
  /** Rows that were not sent: cancelled or failed before. */
  unsentRows: number;
  errors: RowError[];
  seconds: number;
}

/** What the worker tells the page. */
export type FromWorker =
  | { type: "opened"; opened: Opened }
  | { type: "refused"; message: string }
  | { type: "checking"; rows: number; share: number }
  | { type: "checked"; checked: Checked }
  | { type: "progress"; done: number; seconds: number }
  | { type: "paused"; failure: Failure; done: number }
  | { type: "finished"; result: BatchResult }
  | { type: "exported"; blob: Blob };

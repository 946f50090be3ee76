/** Measures forecasts of a model that is in memory. Prints a `PredictOutcome`. */

import { readModel } from "../../lib/model/file.ts";
import { type Ensemble, predictEnsemble } from "../../lib/trees/mod.ts";
import { median } from "../statistics.ts";
import { randomTable, readTable, thinRows } from "../table.ts";

/** Which forecasts to make. */
export interface PredictRequest {
  model: string;
  /** Record by record, or all at once; at most this many of the random table's training part. */
  mode: "one" | "batch";
  rows: number;
  /** A file for the forecasts of a batch: float64, little-endian. */
  predictions?: string;
}

/** How long it took: for a batch in all, else a record's median and 99th percentile. */
export interface PredictOutcome {
  seconds: number;
  p99: number;
  rows: number;
}

if (import.meta.main) {
  const request: PredictRequest = JSON.parse(Deno.args[0]!);
  const { ensemble } = await readModel(request.model);
  const { columns, targets } = thinRows((await readTable(randomTable(0))).train, request.rows);
  const measure = request.mode === "batch" ? timeBatch : timeRecords;
  const outcome: PredictOutcome = {
    ...measure(ensemble, columns, targets.length),
    rows: targets.length,
  };
  if (request.predictions) {
    const predictions = predictEnsemble(ensemble, columns);
    await Deno.writeFile(request.predictions, new Uint8Array(predictions.buffer as ArrayBuffer));
  }
  console.log(JSON.stringify(outcome));
}

function timeBatch(ensemble: Ensemble, columns: Float64Array[]) {
  predictEnsemble(ensemble, columns);
  const start = performance.now();
  predictEnsemble(ensemble, columns);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, p99: seconds };
}

function timeRecords(ensemble: Ensemble, columns: Float64Array[], rows: number) {
  const record = columns.map(() => new Float64Array(1));
  const timeOne = (row: number) => {
    const start = performance.now();
    for (const [index, column] of columns.entries()) record[index]![0] = column[row]!;
    predictEnsemble(ensemble, record);
    return (performance.now() - start) / 1000;
  };
  const times = new Float64Array(rows);
  // Twice: what the first round took to warm up is not what a server pays.
  for (const _ of [1, 2]) for (let row = 0; row < rows; row++) times[row] = timeOne(row);
  times.sort();
  return { seconds: median([...times]), p99: times[Math.floor(0.99 * rows)]! };
}

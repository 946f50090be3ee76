/** Measures one fit of ours on the random table. Prints a `FitOutcome`. */

import { rmse } from "../../lib/evaluation/metrics.ts";
import { fit, fitInWorkers, predictEnsemble } from "../../lib/trees/mod.ts";
import type { FitOutcome, FitRequest } from "../compare.ts";
import { watchMemory } from "../memory.ts";
import { fillMissing, readTable, thinRows } from "../table.ts";

const { learner, threads, categories, fill, rows, forecasts }: FitRequest = JSON.parse(
  Deno.args[0]!,
);

const table = await readTable("random");
let { train, test } = table;
if (rows) [train, test] = [thinRows(train, rows.train), thinRows(test, rows.test)];
if (fill) [train, test] = [fillMissing(train), fillMissing(test)];
const kinds = table.facts.features.map(({ kind }) => categories ? kind : "number" as const);
const data = { kinds, ...train };

const peak = watchMemory();
const start = performance.now();
const { ensemble } = threads === 1
  ? fit(data, learner)
  : (await fitInWorkers(data, [learner], { workers: threads }))[0]!;
const seconds = (performance.now() - start) / 1000;
const peak_mb = peak();
const predicted = predictEnsemble(ensemble, test.columns);
await Deno.writeFile(forecasts, new Uint8Array(predicted.buffer as ArrayBuffer));
const outcome: FitOutcome = { seconds, peak_mb, rmse: rmse(test.targets, predicted) };
console.log(JSON.stringify(outcome));

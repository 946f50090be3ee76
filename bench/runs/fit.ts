/** Measures one fit of ours on a random table. Prints a `FitOutcome`. */

import { rmse } from "../../lib/evaluation/metrics.ts";
import { fit, fitInWorkers, predictEnsemble } from "../../lib/trees/mod.ts";
import type { FitOutcome, FitRequest } from "../compare.ts";
import { watchMemory } from "../memory.ts";
import { fillMissing, randomTable, readTable, thinRows } from "../table.ts";

const { learner, threads, run, categories, fill, rows }: FitRequest = JSON.parse(Deno.args[0]!);

const table = await readTable(randomTable(run));
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
const outcome: FitOutcome = { seconds, peak_mb, rmse: rmse(test.targets, predicted) };
console.log(JSON.stringify(outcome));

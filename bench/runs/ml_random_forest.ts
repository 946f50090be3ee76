/** Measures one fit of ml-random-forest on rows of a random table. Prints a `FitOutcome`. */

import { RandomForestRegression } from "ml-random-forest";
import { rmse } from "../../lib/evaluation/metrics.ts";
import type { FitInput, FitOutcome } from "../compare.ts";
import { watchMemory } from "../memory.ts";
import { fillMissing, randomTable, readTable, type Rows, thinRows } from "../table.ts";

/** What to fit. */
interface Request extends FitInput {
  trees: number;
  run: number;
}

const { rows, trees, run }: Request = JSON.parse(Deno.args[0]!);

const table = await readTable(randomTable(run));
const records = ({ columns, targets }: Rows) =>
  Array.from(targets, (_, row) => columns.map((column) => column[row]!));
const train = fillMissing(thinRows(table.train, rows!.train));
const test = fillMissing(thinRows(table.test, rows!.test));
const trainRecords = records(train), targets = Array.from(train.targets);

const peak = watchMemory();
const start = performance.now();
const forest = new RandomForestRegression({
  nEstimators: trees,
  seed: run,
  noOOB: true,
  // Its default leaves nodes of three rows whole.
  treeOptions: { minNumSamples: 1 },
});
forest.train(trainRecords, targets);
const seconds = (performance.now() - start) / 1000;
const peak_mb = peak();
const predicted = Float64Array.from(forest.predict(records(test)));
const outcome: FitOutcome = { seconds, peak_mb, rmse: rmse(test.targets, predicted) };
console.log(JSON.stringify(outcome));

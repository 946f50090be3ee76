/** Measures one fit of ml-random-forest on rows of the random table. Prints a `FitOutcome`. */

import { RandomForestRegression } from "ml-random-forest";
import { rmse } from "../../lib/evaluation/metrics.ts";
import type { FitInput, FitOutcome } from "../compare.ts";
import { watchMemory } from "../memory.ts";
import { fillMissing, readTable, type Rows, thinRows } from "../table.ts";

/** What to fit. */
interface Request extends FitInput {
  trees: number;
  seed: number;
  forecasts: string;
}

const { rows, trees, seed, forecasts }: Request = JSON.parse(Deno.args[0]!);

const table = await readTable("random");
const records = ({ columns, targets }: Rows) =>
  Array.from(targets, (_, row) => columns.map((column) => column[row]!));
const train = fillMissing(thinRows(table.train, rows!.train));
const test = fillMissing(thinRows(table.test, rows!.test));
const trainRecords = records(train), targets = Array.from(train.targets);

const peak = watchMemory();
const start = performance.now();
const forest = new RandomForestRegression({
  nEstimators: trees,
  seed,
  noOOB: true,
  // Its default leaves nodes of three rows whole.
  treeOptions: { minNumSamples: 1 },
});
forest.train(trainRecords, targets);
const seconds = (performance.now() - start) / 1000;
const peak_mb = peak();
const predicted = Float64Array.from(forest.predict(records(test)));
await Deno.writeFile(forecasts, new Uint8Array(predicted.buffer as ArrayBuffer));
const outcome: FitOutcome = { seconds, peak_mb, rmse: rmse(test.targets, predicted) };
console.log(JSON.stringify(outcome));

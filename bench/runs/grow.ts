/** Measures one fit of ours on a generated table. Prints a `GrowOutcome`. */

import { fit, fitInWorkers, type Learner } from "../../lib/trees/mod.ts";
import { generateTable, type Shape } from "../generated.ts";
import { watchMemory } from "../memory.ts";

/** What to generate and to fit. */
export interface GrowRequest {
  shape: Shape;
  rows: number;
  features: number;
  learner: Learner;
  workers: number;
}

/** What it took. */
export interface GrowOutcome {
  seconds: number;
  peak_mb: number;
}

const WARM_UP_ROWS = 3000;

if (import.meta.main) {
  const { shape, rows, features, learner, workers }: GrowRequest = JSON.parse(Deno.args[0]!);
  const fitTable = async (rows: number) => {
    const data = generateTable(shape, rows, features);
    const watch = watchMemory();
    const start = performance.now();
    if (workers === 1) fit(data, learner);
    else await fitInWorkers(data, [learner], { workers });
    return { seconds: (performance.now() - start) / 1000, peak_mb: watch() };
  };
  // The compiler's own memory and time are not what grows.
  await fitTable(WARM_UP_ROWS);
  const outcome: GrowOutcome = await fitTable(rows);
  console.log(JSON.stringify(outcome));
}

/**
 * Measures how long a fresh process takes from a model's file to its first forecast: read, parse,
 * verify, predict. Prints `{ ms }`.
 */

import { readModel } from "../../lib/model/file.ts";
import { predictEnsemble } from "../../lib/trees/mod.ts";

const { path }: { path: string } = JSON.parse(Deno.args[0]!);
const start = performance.now();
const { ensemble } = await readModel(path);
const [forecast] = predictEnsemble(ensemble, ensemble.features.map(() => Float64Array.of(1)));
const ms = performance.now() - start;
if (!Number.isFinite(forecast)) throw new Error(`Expected a forecast, but found ${forecast}`);
console.log(JSON.stringify({ ms }));

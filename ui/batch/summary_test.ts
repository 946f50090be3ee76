import assert from "node:assert/strict";
import { summarise } from "./summary.ts";

Deno.test("summarise() adds up by week and store, and leaves out rows without a forecast", () => {
  const column = (...values: number[]) => Float64Array.from(values);
  const { forecasts, total, mean, charts: [weeks, stores, sizes] } = summarise({
    fileName: "",
    model: "",
    level: null,
    rows: 4,
    lines: Uint32Array.of(2, 3, 4, 5),
    store: column(1, 1, 2, 2),
    dept: column(1, 1, 1, 1),
    day: column(15_000, 15_007, 15_000, 15_000),
    prediction: column(10, 20, 30, NaN),
    lower: column(NaN, NaN, NaN, NaN),
    upper: column(NaN, NaN, NaN, NaN),
    badRows: 1,
    unsentRows: 0,
    errors: [],
    seconds: 1,
  });
  assert.deepEqual([forecasts, total, mean], [3, 60, 20]);
  assert.deepEqual(weeks!.series[0]!.x, ["2011-01-26", "2011-02-02"]);
  assert.deepEqual(weeks!.series[0]!.y, [40, 20]);
  assert.deepEqual(stores!.series[0]!.y, [30, 30]);
  assert.equal(sizes!.series[0]!.y.reduce((sum: number, count) => sum + (count ?? 0), 0), 3);
});

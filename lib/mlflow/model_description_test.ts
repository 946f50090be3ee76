import assert from "node:assert/strict";
import { describeRun, describeVersion } from "./model_description.ts";

const figures = (wmae: number) => ({
  split: "time" as const,
  rmse: 2345.6,
  mae: 9,
  wmae,
  bias: -3,
});

Deno.test("describeVersion() sets the model's figures beside the baseline's, then the slices", () => {
  const text = describeVersion(
    "gbr",
    { val: figures(1700), folds: figures(1600) },
    { val: figures(2034), folds: figures(1979) },
    { store_type: { A: { rmse: 1, mae: 2, wmae: 3, bias: 4 } } },
    "time split",
  );
  assert.equal(
    text,
    `Weekly sales by store and department: **gbr**. Errors in USD a week; validation: time split.

| rows | RMSE | MAE | WMAE | bias |
| --- | ---: | ---: | ---: | ---: |
| validation | 2,346 | 9 | 1,700 | -3 |
| validation, seasonal naive | 2,346 | 9 | 2,034 | -3 |
| folds | 2,346 | 9 | 1,600 | -3 |
| folds, seasonal naive | 2,346 | 9 | 1,979 | -3 |

By slice:

| validation | RMSE | MAE | WMAE | bias |
| --- | ---: | ---: | ---: | ---: |
| store type: A | 1 | 2 | 3 | 4 |`,
  );
});

Deno.test("describeVersion() leaves out folds that there are none of", () => {
  const text = describeVersion("gbr", { val: figures(1) }, { val: figures(2) }, {}, "time split");
  assert.doesNotMatch(text, /folds/);
});

Deno.test("describeRun() sets all models side by side", () => {
  const all = { gbr: { val: figures(1700) }, seasonal_naive: { val: figures(2034) } };
  assert.equal(
    describeRun("gbr", all, "time split"),
    `Weekly sales by store and department: **gbr** is chosen. Errors in USD a week; validation: time split.

| validation | RMSE | MAE | WMAE | bias |
| --- | ---: | ---: | ---: | ---: |
| gbr | 2,346 | 9 | 1,700 | -3 |
| seasonal naive | 2,346 | 9 | 2,034 | -3 |`,
  );
});

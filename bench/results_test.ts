import assert from "node:assert/strict";
import { qualityProblems, type Side, type SuiteResult } from "./results.ts";
import { spread } from "./statistics.ts";

const side = (name: string, rmse: number): Side => (
  { name, input: "numbers", seconds: spread([1]), rmse, run_rmse: spread([rmse]) }
);

function problems(ours: number, theirs: number): string[] {
  const figures: SuiteResult["figures"] = {
    kind: "comparisons",
    table: { train_rows: 1000, test_rows: 100, columns: 17 },
    comparisons: [{
      workload: "10 trees",
      threads: 1,
      rows: 1000,
      ours: side("ours", ours),
      peer: side("XGBoost", theirs),
      ratio: spread([1]),
      target: 1,
    }],
  };
  return qualityProblems({ suite: "forest", figures } as SuiteResult);
}

Deno.test("qualityProblems() names where our RMSE is more than 1 % above a peer's", () => {
  assert.deepEqual(problems(101, 100), []);
  assert.deepEqual(problems(50, 100), []);
  assert.deepEqual(problems(101.5, 100), [
    "forest, 10 trees (numbers), 1000 rows, 1 threads: RMSE 101.5 is more than 1 % above " +
    "XGBoost's 100.0",
  ]);
});

Deno.test("qualityProblems() names forecasts of the same trees that are not the same", () => {
  const batch = [1e-9, 0.01].map((max_difference) => ({ peer: "LightGBM", max_difference }));
  const figures = { kind: "prediction", models: [{ name: "boosting", batch }] };
  assert.deepEqual(qualityProblems({ suite: "prediction", figures } as unknown as SuiteResult), [
    "prediction, boosting: LightGBM's forecasts differ from ours by up to 0.01",
  ]);
});

import assert from "node:assert/strict";
import { candidates } from "./candidates.ts";
import { readParams } from "./params.ts";

Deno.test("candidates() gives each name its learner, with the section of that name", async () => {
  const params = await readParams();
  assert.deepEqual(
    Object.entries(candidates(params)).map(([name, { algorithm }]) => [name, algorithm]),
    [["rf", "random_forest"], ["gbr", "gradient_boosting"]],
  );
  for (const [name, { parameters }] of Object.entries(candidates(params))) {
    assert.equal(parameters, params[name as "rf" | "gbr"]);
  }
});

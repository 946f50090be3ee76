import assert from "node:assert/strict";
import { CANDIDATES, treeLearners } from "./candidates.ts";
import { readParams } from "./params.ts";

Deno.test("treeLearners() gives each name its learner, with the section of that name", async () => {
  const params = await readParams();
  assert.deepEqual(
    Object.entries(treeLearners(params)).map(([name, { algorithm }]) => [name, algorithm]),
    [["rf", "random_forest"], ["gbr", "gradient_boosting"]],
  );
  for (const [name, { parameters }] of Object.entries(treeLearners(params))) {
    assert.ok(CANDIDATES.includes(name as "rf" | "gbr"));
    assert.equal(parameters, params[name as "rf" | "gbr"]);
  }
});

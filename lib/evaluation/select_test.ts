import assert from "node:assert/strict";
import { chooseModel, rankModels, selectBest } from "./select.ts";

const METRICS = {
  rf: { rmse: 30, mae: 10, wmae: 7 },
  gbr: { rmse: 20, mae: 11, wmae: 7 },
  svd: { rmse: 40, mae: 12, wmae: 6 },
};

Deno.test("selectBest() takes the model with the lowest of the metric that is named", () => {
  assert.equal(selectBest(METRICS, "rmse"), "gbr");
  assert.equal(selectBest(METRICS, "mae"), "rf");
  assert.equal(selectBest(METRICS, "wmae"), "svd");
});

Deno.test("rankModels() leaves equal models in their order", () => {
  assert.deepEqual(rankModels(METRICS, "wmae"), ["svd", "rf", "gbr"]);
});

Deno.test("selectBest() sees no difference beyond the sixth digit", () => {
  const metrics = { rf: { rmse: 4577.12301 }, gbr: { rmse: 4577.12302 } };
  assert.equal(selectBest(metrics, "rmse"), "rf");
  assert.equal(selectBest({ gbr: metrics.gbr, rf: metrics.rf }, "rmse"), "gbr");
  assert.equal(selectBest({ ...metrics, rf: { rmse: 4577.1 } }, "rmse"), "rf");
});

Deno.test("selectBest() refuses to choose among no models", () => {
  assert.throws(() => selectBest({}, "rmse"), RangeError);
});

Deno.test("chooseModel() goes by the folds, and by validation only where there are none", () => {
  const rf = { folds: { wmae: 5 }, val: { wmae: 9 } };
  const gbr = { folds: { wmae: 6 }, val: { wmae: 8 } };
  assert.deepEqual(chooseModel({ rf, gbr }, "wmae"), { model: "rf", chosenOn: "folds" });
  assert.deepEqual(
    chooseModel({ rf: { val: rf.val }, gbr: { val: gbr.val } }, "wmae"),
    { model: "gbr", chosenOn: "validation" },
  );
});

import assert from "node:assert/strict";
import { RandomForestRegression } from "ml-random-forest";
import { fit, predictEnsemble } from "./mod.ts";
import { signalTable } from "./testing/tables.ts";

/** A table without what the package cannot take: missing values. */
function table(rows: number, seed: number) {
  const { columns: [x, category, , idle], targets } = signalTable(rows, seed);
  const columns = [x!, category!, idle!];
  return { columns, targets, records: Array.from(x!, (_, row) => columns.map((c) => c[row]!)) };
}

function rmse(predictions: ArrayLike<number>, targets: Float64Array): number {
  const squares = targets.reduce((sum, t, i) => sum + (t - predictions[i]!) ** 2, 0);
  return Math.sqrt(squares / targets.length);
}

Deno.test("fit() of a random forest is as good as ml-random-forest's on rows it can take", () => {
  const train = table(300, 1), heldOut = table(300, 2);
  const theirs = new RandomForestRegression({
    nEstimators: 20,
    maxFeatures: 3,
    seed: 1,
    treeOptions: { minNumSamples: 1 },
    noOOB: true,
  });
  theirs.train(train.records, Array.from(train.targets));
  const { ensemble } = fit({
    kinds: ["number", "category", "number"],
    columns: train.columns,
    targets: train.targets,
  }, { algorithm: "random_forest", parameters: { n_estimators: 20 } });
  const ours = rmse(predictEnsemble(ensemble, heldOut.columns), heldOut.targets);
  const other = rmse(theirs.predict(heldOut.records), heldOut.targets);
  assert.ok(ours <= 1.1 * other, `held-out RMSE ${ours}, theirs ${other}`);
});

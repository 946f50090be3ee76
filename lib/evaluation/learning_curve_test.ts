import assert from "node:assert/strict";
import { completeOutlook } from "../history/outlook.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import { NO_CORRECTION } from "../model/fit_trees.ts";
import { type Forecaster, predict } from "../model/predict.ts";
import { fit, type Learner } from "../trees/mod.ts";
import { learningCurve } from "./learning_curve.ts";
import { mae, regressionMetrics, rmse, wmae } from "./metrics.ts";
import { smallSales } from "./testing.ts";

const sales = smallSales(130);
const outlook = completeOutlook(compactOutlook(historyOf(smallSales(104)), 4));

/** A model whose trees find a correction of each store and week, without much sense. */
function makeModel(learner: Learner): Forecaster {
  const { Store, Week } = sales.features;
  const targets = Store.map((store, row) => (store - 2) / 4 + Math.sin(Week[row]! / 8) / 10);
  const { ensemble } = fit(
    { kinds: ["number", "number"], columns: [Store, Week], targets },
    learner,
  );
  return { features: ["Store", "Week"], ensemble, outlook };
}

const LEARNERS: Record<string, Learner> = {
  forest: { algorithm: "random_forest", parameters: { n_estimators: 7, max_samples: 0.1 } },
  boosting: { algorithm: "gradient_boosting", parameters: { n_estimators: 7, learning_rate: 0.3 } },
};

for (const [name, learner] of Object.entries(LEARNERS)) {
  Deno.test(`learningCurve() ends with exactly the metrics of all trees, of a ${name}`, () => {
    const model = makeModel(learner);
    const points = learningCurve(model, sales);
    assert.deepEqual(points.map(({ trees }) => trees), [1, 2, 3, 4, 5, 6, 7]);
    const { IsHoliday } = sales.features;
    const all = regressionMetrics(sales.sales, predict(model, sales.features), IsHoliday);
    const { trees: _, ...last } = points.at(-1)!;
    assert.deepEqual(last, { rmse: all.rmse, mae: all.mae, wmae: all.wmae });
  });

  Deno.test(`learningCurve() gives at k what a ${name} of its first k trees is measured at`, () => {
    const model = makeModel(learner);
    const { ensemble } = model;
    const points = learningCurve(model, sales);
    for (const { trees, ...errors } of points) {
      const roots = ensemble.roots.slice(0, trees + 1);
      const predicted = predict({ ...model, ensemble: { ...ensemble, roots } }, sales.features);
      assert.deepEqual(errors, {
        rmse: rmse(sales.sales, predicted),
        mae: mae(sales.sales, predicted),
        wmae: wmae(sales.sales, predicted, sales.features.IsHoliday),
      });
    }
    assert.equal(new Set(points.map(({ wmae }) => wmae)).size, points.length);
  });
}

Deno.test("learningCurve() is empty where a model has no trees", () => {
  assert.deepEqual(learningCurve({ ...NO_CORRECTION, outlook }, sales), []);
});

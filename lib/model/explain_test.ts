import assert from "node:assert/strict";
import { smallSales } from "../evaluation/testing.ts";
import { LEARNED_FEATURES } from "../features/table.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { completeOutlook } from "../history/outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import { fit, LEAF } from "../trees/mod.ts";
import { columnsOf } from "./columns.ts";
import { deriveRecords } from "./derive_records.ts";
import { explain, type Term } from "./explain.ts";
import { blendCorrections, type Correction, NO_CORRECTION } from "./fit_trees.ts";
import { forecast, type Forecaster } from "./predict.ts";
import { trainingRows } from "./training_rows.ts";

const sales = smallSales(80);
const outlook = completeOutlook(compactOutlook(historyOf(sales), 2));
const columns = sales.features;

/** Corrections learned from made up sales. */
function learn(): Correction[] {
  const rows = trainingRows(sales, 2, 39);
  const [rf, gbr] = ([
    { algorithm: "random_forest", parameters: { n_estimators: 8, max_leaf_nodes: 600 } },
    { algorithm: "gradient_boosting", parameters: { n_estimators: 20, loss: "absolute_error" } },
  ] as const).map((learner): Correction => ({
    ...NO_CORRECTION,
    features: LEARNED_FEATURES.map(({ name }) => name),
    ensemble: fit(rows, learner).ensemble,
    importance: Object.fromEntries(LEARNED_FEATURES.map(({ name }) => [name, 0])),
  }));
  return [rf!, gbr!, blendCorrections({ rf: rf!, gbr: gbr! }, { rf: 0.25, gbr: 0.5 })];
}

const sumOf = (terms: Term[]) => terms.reduce((sum, { amount }) => sum + amount, 0);

Deno.test("explain() gives terms that sum to the forecast, one a feature and two besides", () => {
  const names = ["Sales history", "Base", ...LEARNED_FEATURES.map(({ name }) => name)];
  for (const correction of learn()) {
    const model: Forecaster = { ...correction, outlook };
    const { predictions } = forecast(model, columns);
    const explained = explain(model, columns);
    assert.equal(explained.length, predictions.length);
    for (const [row, terms] of explained.entries()) {
      assert.deepEqual(terms.map(({ name }) => name), names);
      const sum = sumOf(terms), expected = predictions[row]!;
      const allowed = 1e-9 * Math.max(1, Math.abs(expected));
      assert.ok(Math.abs(sum - expected) <= allowed, `row ${row}: ${sum}, expected ${expected}`);
    }
    // Trees correct something.
    assert.ok(explained.some((terms) => terms.slice(2).some(({ amount }) => Math.abs(amount) > 1)));
  }
});

Deno.test("explain() tells the values that the trees saw, derived ones among them", () => {
  const model: Forecaster = { ...learn()[1]!, outlook };
  const seen = columnsOf(model.features, columns, deriveRecords(model, columns).columns);
  for (const [row, terms] of explain(model, columns).entries()) {
    assert.ok(terms.slice(0, 2).every((term) => !("value" in term)));
    assert.deepEqual(terms.slice(2).map(({ value }) => value), seen.map((values) => values[row]));
  }
});

Deno.test("explain() gives the sales history alone for a model without trees", () => {
  const model: Forecaster = { ...NO_CORRECTION, outlook };
  const { predictions } = forecast(model, columns);
  assert.deepEqual(
    explain(model, columns),
    Array.from(predictions, (amount) => [{ name: "Sales history", amount }]),
  );
});

Deno.test("explain() counts in USD, by the size of the record's series", () => {
  // Of four rows one was of store 1: the trees expect 0.5 + (1 - 3) / 4 = 0.
  const model: Forecaster = {
    features: ["Store"],
    outlook,
    ensemble: {
      combine: "sum",
      base: 0.5,
      leafStep: 0.125,
      features: [{ kind: "category", categories: Float64Array.of(1) }],
      roots: Uint32Array.of(0, 3),
      nodes: {
        feature: Uint8Array.of(0, LEAF, LEAF),
        split: new Uint32Array(3),
        right: Uint32Array.of(2, 0, 0),
        value: Float32Array.of(0, 1, -1),
        cover: Uint32Array.of(0, 1, 3),
        sets: Uint8Array.of(1),
      },
    },
  };
  const { seasonal, size } = deriveRecords(model, columns);
  for (const [row, terms] of explain(model, columns).entries()) {
    const store = columns.Store[row]!;
    const amounts = terms.map(({ amount }) => amount);
    const expected = [seasonal[row]!, 0, (store === 1 ? 1.5 : -0.5) * size[row]!];
    for (const [i, amount] of amounts.entries()) {
      assert.ok(
        Math.abs(amount - expected[i]!) < 1e-9 * size[row]! + 1e-9,
        `row ${row}, term ${i}`,
      );
    }
    assert.equal(terms[2]!.value, store);
  }
});

Deno.test("explain() gives a record the same whatever other records there are", () => {
  const model: Forecaster = { ...learn()[0]!, outlook };
  const all = explain(model, columns);
  for (const row of [0, 5, all.length - 1]) {
    const one = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(row, row + 1)]),
    ) as typeof columns;
    assert.deepEqual(explain(model, one), [all[row]]);
  }
});

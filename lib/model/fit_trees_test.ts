import type { Shares } from "../candidates.ts";
import assert from "node:assert/strict";
import { smallSales } from "../evaluation/testing.ts";
import { LEARNED_FEATURES } from "../features/table.ts";
import { readParams } from "../params.ts";
import { predictEnsemble } from "../trees/mod.ts";
import {
  blendCorrections,
  type Correction,
  fittedValues,
  fitTrees,
  NO_CORRECTION,
  type TreeCorrections,
} from "./fit_trees.ts";
import { type TrainingRows, trainingRows } from "./training_rows.ts";

const { rf, gbr } = await readParams();
const params = {
  rf: { ...rf, n_estimators: 5, min_samples_leaf: 5 },
  gbr: { ...gbr, n_estimators: 7, min_samples_leaf: 5 },
};

const rows = trainingRows(smallSales(90), 2, 39);

/** Trained once, for all tests. */
let trained: Promise<TreeCorrections> | undefined;
const corrections = () => trained ??= fitTrees(rows, params);

/** The first of the rows. */
function firstOf(rows: TrainingRows, count: number): TrainingRows {
  const { kinds, columns, targets, weights, seasonal, size, sales, isHoliday } = rows;
  const cut = (values: ArrayLike<number>) => Float64Array.from(values).slice(0, count);
  return {
    kinds,
    columns: columns.map(cut),
    targets: cut(targets),
    weights: cut(weights),
    seasonal: cut(seasonal),
    size: cut(size),
    sales: cut(sales),
    isHoliday: cut(isHoliday),
  };
}

/** What a correction adds to each row's seasonal forecast, in sizes of the series. */
const correct = ({ ensemble }: Correction) => predictEnsemble(ensemble, rows.columns);

Deno.test("fitTrees() trains both learners on the features that models learn from", async () => {
  let trees = 0;
  const { rf, gbr } = await fitTrees(rows, params, () => trees++);
  assert.equal(trees, 12);
  assert.deepEqual([rf, gbr].map(({ ensemble }) => ensemble.roots.length - 1), [5, 7]);
  for (const { features, importance } of [rf, gbr]) {
    assert.deepEqual(features, LEARNED_FEATURES.map(({ name }) => name));
    const sum = features.reduce((sum, name) => sum + importance[name]!, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
  }
  assert.deepEqual(await corrections(), { rf, gbr });
});

Deno.test("fitTrees() corrects nothing where rows are too few, yet counts all trees", async () => {
  let trees = 0;
  const few = await fitTrees(firstOf(rows, 199), params, () => trees++);
  assert.equal(few.rf, NO_CORRECTION);
  assert.equal(few.gbr, NO_CORRECTION);
  assert.equal(trees, 12);
  const enough = await fitTrees(firstOf(rows, 200), params);
  assert.equal(enough.rf.features.length, LEARNED_FEATURES.length);
});

Deno.test("fitTrees() minds the rows' weights", async () => {
  const { gbr } = await fitTrees({ ...rows, weights: rows.weights.map(() => 1) }, params);
  assert.notDeepEqual(correct(gbr), correct((await corrections()).gbr));
});

Deno.test("fittedValues() are the seasonal forecast, plus the size times the correction", async () => {
  const { gbr } = await corrections();
  const fitted = fittedValues(gbr, rows), corrected = correct(gbr);
  for (const [row, value] of fitted.entries()) {
    assert.equal(value, rows.seasonal[row]! + rows.size[row]! * corrected[row]!);
  }
  const none = fittedValues(NO_CORRECTION, rows);
  assert.deepEqual(none, rows.seasonal);
  assert.notEqual(none, rows.seasonal);
  const error = (values: Float64Array) =>
    values.reduce((sum, value, row) => sum + Math.abs(value - rows.sales[row]!), 0);
  assert.ok(error(fitted) < error(rows.seasonal));
});

Deno.test("blendCorrections() corrects by the shares' sum of both corrections", async () => {
  const both = await corrections();
  const [ofForest, ofBoosting] = [correct(both.rf), correct(both.gbr)];
  const shares: Shares[] = [
    { rf: 0.25, gbr: 0.5 },
    { rf: 0.125, gbr: 0 },
    { rf: 0, gbr: 0.75 },
    { rf: 0.6, gbr: 0.4 },
  ];
  for (const share of shares) {
    const blend = blendCorrections(both, share);
    const { leafStep, roots } = blend.ensemble;
    // Each leaf may be rounded by half a step.
    const most = leafStep / 2 * (roots.length - 1) + 1e-9;
    for (const [row, value] of correct(blend).entries()) {
      const expected = share.rf * ofForest[row]! + share.gbr * ofBoosting[row]!;
      assert.ok(Math.abs(value - expected) <= most, `row ${row}: ${value}, ${expected}`);
    }
    // So fine that the bound above means something.
    assert.ok(most < 0.01, `${most}`);
    for (const name of blend.features) {
      const [a, b] = [both.rf.importance[name]!, both.gbr.importance[name]!];
      const expected = (share.rf * a + share.gbr * b) / (share.rf + share.gbr);
      assert.ok(Math.abs(blend.importance[name]! - expected) < 1e-12, name);
    }
  }
});

Deno.test("blendCorrections() corrects nothing without shares, or without corrections", async () => {
  const both = await corrections();
  assert.equal(blendCorrections(both, { rf: 0, gbr: 0 }), NO_CORRECTION);
  const neither = { rf: NO_CORRECTION, gbr: NO_CORRECTION };
  assert.equal(blendCorrections(neither, { rf: 0.5, gbr: 0.5 }), NO_CORRECTION);
  const one = blendCorrections({ ...both, gbr: NO_CORRECTION }, { rf: 0.5, gbr: 0.5 });
  assert.deepEqual(one, blendCorrections(both, { rf: 0.5, gbr: 0 }));
});

import assert from "node:assert/strict";
import { type Ensemble, fit, type Learner, predictEnsemble, stagedPredict } from "./mod.ts";
import { createRandom } from "./random.ts";
import { predictPlainly } from "./testing/plain_predictor.ts";

const TREES = 6;
const LEARNERS: Record<string, Learner> = {
  mean: { algorithm: "random_forest", parameters: { n_estimators: TREES, max_leaf_nodes: 9 } },
  sum: { algorithm: "gradient_boosting", parameters: { n_estimators: TREES, max_leaf_nodes: 5 } },
};

/** Columns of a number with gaps and of a category, and a target that depends on both. */
function makeColumns(rows: number): { columns: Float64Array[]; targets: Float64Array } {
  const random = createRandom(3);
  const number = Float64Array.from(
    { length: rows },
    () => random.integer(9) === 0 ? NaN : random.integer(1000) / 7,
  );
  const category = number.map(() => random.integer(7));
  const targets = number.map((value, row) => (value > 50 ? 20 : 3) + category[row]! % 3);
  return { columns: [number, category], targets };
}

function fitOn(rows: number, learner: Learner): { ensemble: Ensemble; columns: Float64Array[] } {
  const { columns, targets } = makeColumns(rows);
  const { ensemble } = fit({ kinds: ["number", "category"], columns, targets }, learner);
  return { ensemble, columns };
}

for (const [combine, learner] of Object.entries(LEARNERS)) {
  Deno.test(`stagedPredict() gives what the first trees alone predict, of a ${combine}`, () => {
    const { ensemble, columns } = fitOn(60, learner);
    assert.equal(ensemble.combine, combine);
    let trees = 0;
    for (const predictions of stagedPredict(ensemble, columns)) {
      trees++;
      const first = { ...ensemble, roots: ensemble.roots.slice(0, trees + 1) };
      for (const [row, value] of predictions.entries()) {
        assert.equal(value, predictPlainly(first, columns.map((column) => column[row]!)));
      }
    }
    assert.equal(trees, TREES);
  });

  Deno.test(`stagedPredict() ends with what predictEnsemble() gives, of a ${combine}`, () => {
    // More rows than two batches, one, and so few that they go down one by one.
    for (const rows of [40_000, 16_384, 3]) {
      const { ensemble } = fitOn(500, learner);
      const { columns } = makeColumns(rows);
      const stages = [...stagedPredict(ensemble, columns)];
      assert.equal(stages.length, TREES);
      assert.deepEqual(stages.at(-1), predictEnsemble(ensemble, columns));
    }
  });
}

Deno.test("stagedPredict() gives a stage for each tree where there are no rows", () => {
  const { ensemble } = fitOn(60, LEARNERS["sum"]!);
  const none = [new Float64Array(0), new Float64Array(0)];
  assert.deepEqual(
    [...stagedPredict(ensemble, none)].map(({ length }) => length),
    Array(TREES).fill(0),
  );
});

Deno.test("stagedPredict() throws on columns that are not the ensemble's", () => {
  const { ensemble, columns } = fitOn(60, LEARNERS["sum"]!);
  assert.throws(() => stagedPredict(ensemble, columns.slice(1)).next(), RangeError);
});

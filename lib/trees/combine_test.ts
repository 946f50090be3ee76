import assert from "node:assert/strict";
import { combineEnsembles } from "./combine.ts";
import { fit } from "./fit.ts";
import { predictEnsemble } from "./predict.ts";
import { createRandom } from "./random.ts";

const random = createRandom(5);
const ROWS = 400;
const columns = [
  Float64Array.from({ length: ROWS }, () => random.integer(30) - 10),
  Float64Array.from({ length: ROWS }, () => random.integer(9)),
  Float64Array.from({ length: ROWS }, () => random.integer(5) === 0 ? NaN : random.integer(100)),
];
const kinds = ["number", "category", "number"] as const;
const targets = columns[0]!.map((x, row) => x * 10 + (columns[1]![row]! % 3) * 50);
const data = { kinds: [...kinds], columns, targets };
const forest = fit(data, { algorithm: "random_forest", parameters: { n_estimators: 7 } }).ensemble;
const boosting =
  fit(data, { algorithm: "gradient_boosting", parameters: { n_estimators: 9 } }).ensemble;

Deno.test("combineEnsembles() forecasts the weighted sum of its parts' forecasts", () => {
  const [ofForest, ofBoosting] = [forest, boosting].map((part) => predictEnsemble(part, columns));
  for (const weights of [[0.25, 0.75], [1, 0], [0, 0.5], [0.3, 0.1]]) {
    const both = combineEnsembles([
      { ensemble: forest, weight: weights[0]! },
      { ensemble: boosting, weight: weights[1]! },
    ]);
    const found = predictEnsemble(both, columns);
    for (const [row, value] of found.entries()) {
      const expected = weights[0]! * ofForest![row]! + weights[1]! * ofBoosting![row]!;
      assert.ok(Math.abs(value - expected) < 0.01, `row ${row}: ${value}, ${expected}`);
    }
    assert.equal(both.roots.length, 17);
    assert.deepEqual([...both.nodes.cover], [...forest.nodes.cover, ...boosting.nodes.cover]);
    assert.ok(both.nodes.value.every((value) => Number.isInteger(value / both.leafStep)));
  }
});

Deno.test("combineEnsembles() refuses parts over other bins", () => {
  const other = fit({ ...data, columns: columns.map((column) => column.map((x) => x * 2)) }, {
    algorithm: "random_forest",
    parameters: { n_estimators: 1 },
  }).ensemble;
  assert.throws(
    () => combineEnsembles([{ ensemble: forest, weight: 1 }, { ensemble: other, weight: 1 }]),
    /^RangeError: Expected ensembles over the same bins/,
  );
});

import assert from "node:assert/strict";
import { fit, fitInWorkers, permutationImportance, predictEnsemble } from "./mod.ts";
import type {
  BoostingParameters,
  ForestParameters,
  PermutationOptions,
  TrainingData,
} from "./mod.ts";

const data: TrainingData = {
  kinds: ["number", "category"],
  columns: [Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 2)],
  targets: Float64Array.of(1, 2, 4),
};

const boost = (change: Partial<TrainingData>, parameters: BoostingParameters = {}) => () =>
  fit({ ...data, ...change }, { algorithm: "gradient_boosting", parameters });
const forest = (parameters: ForestParameters) => () =>
  fit(data, { algorithm: "random_forest", parameters });

const REFUSED: [() => unknown, RegExp][] = [
  [boost({ columns: data.columns.slice(1) }), /2 training columns, one a feature, but found 1/],
  [boost({ columns: [data.targets, Float64Array.of(1)] }), /3 rows in training column 1, .* 1$/],
  [
    boost({ kinds: ["categorical" as "category", "number"] }),
    /kinds\[0\] to be "number" or "category", but found categorical/,
  ],
  [boost({ targets: Float64Array.of(1, NaN, 3) }), /between -2\^100 and 2\^100, .* NaN in row 1/],
  [boost({ weights: Float64Array.of(1, 1) }), /3 training weights, one a row, but found 2/],
  [boost({ weights: Float64Array.of(1, -1, 1) }), /at least 0, but found -1 in row 1/],
  [boost({ weights: Float64Array.of(0, 0, 0) }), /a training weight above 0, but found none/],
  [boost({}, { n_estimators: 0 }), /n_estimators .* at least 1, but found 0/],
  [boost({}, { max_leaf_nodes: 1 }), /max_leaf_nodes .* at least 2, but found 1/],
  [boost({}, { max_depth: 0 }), /max_depth .* at least 1, but found 0/],
  [boost({}, { min_samples_leaf: 1.5 }), /min_samples_leaf .* but found 1\.5/],
  [boost({}, { max_features: 0 }), /max_features above 0 and at most 1, but found 0/],
  [boost({}, { max_bins: 256 }), /max_bins from 2 to 255, but found 256/],
  [boost({}, { random_state: -1 }), /random_state from 0 to 2\^32 - 1, but found -1/],
  [boost({}, { loss: "deviance" as "huber" }), /loss to be one of .*, but found deviance/],
  [boost({}, { alpha: 1 }), /alpha above 0 and below 1, but found 1/],
  [boost({}, { learning_rate: 2 }), /learning_rate above 0 and at most 1, but found 2/],
  [boost({}, { subsample: 0 }), /subsample above 0 and at most 1, but found 0/],
  [boost({}, { tol: -1 }), /tol of at least 0, but found -1/],
  [boost({}, { n_iter_no_change: 5 }), /validation rows with n_iter_no_change, but found none/],
  [boost({}, { monotonic_cst: [1] }), /2 signs in monotonic_cst, but found 1/],
  [boost({}, { monotonic_cst: [0, 1] }), /monotonic_cst\[1\] of a number, but found a category/],
  [
    boost({}, { monotonic_cst: [1, 0], loss: "huber" }),
    /"squared_error" with monotonic_cst, but found huber/,
  ],
  [boost({}, { n_trees: 5 } as BoostingParameters), /parameters among .*subsample.* found n_trees/],
  [boost({}, { oob_score: true } as BoostingParameters), /but found oob_score/],
  [forest({ max_samples: 1.1 }), /max_samples above 0 and at most 1, but found 1\.1/],
];

Deno.test("fit() refuses data and parameters that it cannot use, and says which", () => {
  for (const [run, message] of REFUSED) assert.throws(run, { name: "RangeError", message });
});

Deno.test("fitInWorkers() refuses numbers of workers that are none", async () => {
  for (const workers of [0, NaN, 1.5]) {
    await assert.rejects(fitInWorkers(data, [], { workers }), /a whole number of workers/);
  }
});

Deno.test("predictEnsemble() and permutationImportance() refuse columns of other lengths", () => {
  const { ensemble } = forest({ n_estimators: 2 })();
  const short = [data.columns[0]!, Float64Array.of(1)];
  assert.throws(() => predictEnsemble(ensemble, short), /2 columns of one length, .* 3, 1/);
  assert.throws(() => predictEnsemble(ensemble, [data.columns[0]!]), /2 columns/);
  assert.throws(() => permutationImportance(ensemble, short, data.targets), /columns of 3 rows/);
  assert.throws(
    () => permutationImportance(ensemble, data.columns, data.targets, { n_repeats: 0 }),
    /n_repeats to be 1 or more, but found 0/,
  );
});

Deno.test("permutationImportance() refuses weights and seeds that fit() refuses", () => {
  const { ensemble } = forest({ n_estimators: 2 })();
  const refused: [PermutationOptions, RegExp][] = [
    [{ weights: Float64Array.of(1, 1) }, /3 sample weights, one a row, but found 2/],
    [
      { weights: Float64Array.of(1, NaN, 1) },
      /finite sample weights of .*, but found NaN in row 1/,
    ],
    [{ weights: Float64Array.of(1, 1, Infinity) }, /but found Infinity in row 2/],
    [{ weights: Float64Array.of(-1, 1, 1) }, /at least 0, but found -1 in row 0/],
    [{ weights: new Float64Array(3) }, /a sample weight above 0, but found none/],
    [{ random_state: 0.5 }, /random_state from 0 to 2\^32 - 1, but found 0\.5/],
    [{ random_state: NaN }, /random_state from 0 to 2\^32 - 1, but found NaN/],
    [{ random_state: 2 ** 32 }, /random_state from 0 to 2\^32 - 1, but found 4294967296/],
  ];
  for (const [options, message] of refused) {
    assert.throws(
      () => permutationImportance(ensemble, data.columns, data.targets, options),
      { name: "RangeError", message },
    );
  }
});

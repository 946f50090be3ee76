import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { inFolder } from "../testing.ts";
import { learningCurvesCsv, readLearningCurves } from "./learning_curves_csv.ts";

const CURVES = {
  rf: [{ trees: 1, rmse: 3560.123456, mae: 1589.315, wmae: 1700 }],
  gbr: [
    { trees: 1, rmse: 12.5, mae: 0.1234567, wmae: 0 },
    { trees: 2, rmse: 11, mae: 7, wmae: 1234567.8 },
  ],
};

const TEXT = `model,trees,rmse,mae,wmae
rf,1,3560.12,1589.32,1700
gbr,1,12.5,0.123457,0
gbr,2,11,7,1234570
`;

Deno.test("learningCurvesCsv() writes a line for each point, rounded as metrics are", () => {
  assert.equal(learningCurvesCsv(CURVES), TEXT);
});

Deno.test("readLearningCurves() reads what learningCurvesCsv() writes, without any point too", () =>
  inFolder(async (folder) => {
    const path = `${folder}/learning_curves.csv`;
    await Deno.writeTextFile(path, learningCurvesCsv(CURVES));
    assert.deepEqual(await readLearningCurves(path), [
      { model: "rf", trees: 1, rmse: 3560.12, mae: 1589.32, wmae: 1700 },
      { model: "gbr", trees: 1, rmse: 12.5, mae: 0.123457, wmae: 0 },
      { model: "gbr", trees: 2, rmse: 11, mae: 7, wmae: 1234570 },
    ]);
    await Deno.writeTextFile(path, learningCurvesCsv({}));
    assert.deepEqual(await readLearningCurves(path), []);
  }));

Deno.test("readLearningCurves() names the line of what it cannot read", () =>
  inFolder(async (folder) => {
    const path = `${folder}/learning_curves.csv`;
    const refuses = (message: RegExp) =>
      assert.rejects(readLearningCurves(path), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        assert.match(error.message, /deno task repro/);
        return true;
      });
    await refuses(/learning_curves\.csv is missing/);
    const damage: [string, string, RegExp][] = [
      ["trees", "rounds", /line 1: expected model,trees,rmse,mae,wmae, but found "model,rounds,/],
      ["rf,1,", "rf,0,", /line 2: .* found "rf,0,3560/],
      ["rf,1,", "rf,", /line 2: /],
      ["12.5", "many", /line 3: .* found "gbr,1,many,/],
      ["\ngbr,2", "\n\ngbr,2", /line 4: .* found ""/],
    ];
    for (const [from, to, message] of damage) {
      await Deno.writeTextFile(path, TEXT.replace(from, to));
      await refuses(message);
    }
  }));

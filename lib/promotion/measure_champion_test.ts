import assert from "node:assert/strict";
import { smallModel, smallSales } from "../evaluation/testing.ts";
import { regressionMetrics, roundMetrics } from "../evaluation/metrics.ts";
import { formatDay } from "../features/calendar.ts";
import { historyOf, originOf } from "../history/sales_history.ts";
import { fitCandidates } from "../model/fit_candidates.ts";
import { decodeModel } from "../model/json.ts";
import type { Model, TrainingFacts } from "../model/model.ts";
import { modelParameters } from "../model/model_parameters.ts";
import { predict } from "../model/predict.ts";
import { selectRows } from "../model/training_rows.ts";
import { readParams } from "../params.ts";
import type { Params } from "../params_schema.ts";
import { measureChampion, type SplitTables } from "./measure_champion.ts";

const table = smallSales(143);
const origin = originOf(historyOf(table)) - 7 * 13;
const tables: SplitTables = {
  train: selectRows(table, (day) => day <= origin),
  validation: selectRows(table, (day) => day > origin),
};

async function usualParams(): Promise<Params> {
  const params = await readParams();
  const few = { n_estimators: 4, min_samples_leaf: 5 };
  return { ...params, rf: { ...params.rf, ...few }, gbr: { ...params.gbr, ...few } };
}

/** A champion that says this of its training. */
async function champion(facts: Partial<TrainingFacts>): Promise<Model> {
  return await decodeModel(await smallModel("gbr", { fitted_on: "all", ...facts }, table), "test");
}

const never = () => Promise.reject(new Error("Expected no table to be read"));

const errorOf = (predictions: Float64Array) =>
  roundMetrics(
    regressionMetrics(
      tables.validation.sales,
      predictions,
      tables.validation.features.IsHoliday,
    ),
  ).wmae;

Deno.test("measureChampion() takes the figure of a champion that was validated on the same rows", async () => {
  const own = await champion({});
  const training: TrainingFacts = {
    ...own.training,
    parameters: { ...own.training.parameters, seasonal: { rank: 3 } },
  };
  const rivals = { champion: own, training, metric: "mae" as const };
  assert.deepEqual(await measureChampion(rivals, never, await usualParams()), {
    value: 7.25,
    comparison: "measured",
    sameParameters: false,
  });
});

Deno.test("measureChampion() lets a champion forecast weeks that it does not know", async () => {
  const known = selectRows(table, (day) => day <= origin);
  const text = await smallModel("gbr", {
    fitted_on: "all",
    weeks: { first: "2010-02-05", last: formatDay(origin), count: 130 },
  }, known);
  const own = await decodeModel(text, "test");
  const training = { ...own.training, data: { train: "a".repeat(64), validation: "b".repeat(64) } };
  // Of other parameters, or it would be the new version itself.
  training.parameters = { ...training.parameters, seasonal: { rank: 3 } };
  const found = await measureChampion(
    { champion: own, training, metric: "wmae" },
    () => Promise.resolve(tables),
    await usualParams(),
  );
  assert.deepEqual(found, {
    value: errorOf(predict(own, tables.validation.features)),
    comparison: "forecast",
    sameParameters: false,
  });
});

Deno.test("measureChampion() refits the parameters of a champion that has seen the rows", async () => {
  const params = await usualParams();
  const theirs = { ...params, seasonal: { rank: 2 }, gbr: { ...params.gbr, n_estimators: 7 } };
  const shares = { rf: 0.5, gbr: 0.25 };
  const fitted = await fitCandidates(tables.train, theirs, shares);
  for (const name of ["seasonal", "rf", "gbr", "blend"] as const) {
    const own = {
      ...await champion({
        parameters: modelParameters(name, theirs, shares),
        weeks: { first: "2010-02-05", last: formatDay(origin + 7), count: 131 },
      }),
      name,
    };
    const training: TrainingFacts = {
      ...own.training,
      data: { train: "a".repeat(64), validation: "b".repeat(64) },
      parameters: modelParameters(name, params, shares),
    };
    const found = await measureChampion(
      { champion: own, training, metric: "wmae" },
      () => Promise.resolve(tables),
      params,
    );
    const { features, ensemble } = fitted.corrections[name];
    const twin = { features, ensemble, outlook: fitted.outlook };
    assert.deepEqual(found, {
      value: errorOf(predict(twin, tables.validation.features)),
      comparison: "refitted",
      sameParameters: false,
    }, name);
  }
});

Deno.test("measureChampion() knows that the same parameters refitted are the new version", async () => {
  const own = await champion({});
  const training: TrainingFacts = {
    ...own.training,
    data: { train: "a".repeat(64), validation: "b".repeat(64) },
    metrics: { validation: { ...own.training.metrics.validation, wmae: 123 } },
  };
  const rivals = { champion: own, training, metric: "wmae" as const };
  assert.deepEqual(await measureChampion(rivals, never, await usualParams()), {
    value: 123,
    comparison: "refitted",
    sameParameters: true,
  });
});

import assert from "node:assert/strict";
import type { SalesTable } from "../dataset/sales_table.ts";
import { FEATURES } from "../features/table.ts";
import { selectRows } from "../model/training_rows.ts";
import { readParams } from "../params.ts";
import type { Params } from "../params_schema.ts";
import { seasonalNaive } from "./baseline.ts";
import { chooseShares, FOLD_MODELS, type Folds, mix } from "./folds.ts";
import { makeFolds } from "./make_folds.ts";
import { smallSales } from "./testing.ts";

const usual = await readParams();

/** Few trees, small enough for the table, drawn at random, so that any difference would show. */
const PARAMS: Params = {
  ...usual,
  folds: { count: 3, step_weeks: 8, horizon_weeks: 12 },
  seasonal: { rank: 2 },
  rf: { ...usual.rf, n_estimators: 3 },
  gbr: { ...usual.gbr, n_estimators: 5, min_samples_leaf: 10, subsample: 0.5 },
};

const TABLE = smallSales(110);
const FIRST_DAY = TABLE.day[0]!;
const ORIGINS = [85, 93, 101].map((week) => FIRST_DAY + 7 * week);

const made = await makeFolds(TABLE, PARAMS);

const LEARNED = FEATURES.filter(({ learned }) => learned).map(({ name }) => name);

/**
 * A table with all sales after a day changed, and all else of these weeks but what a calendar and a
 * list of stores say in advance.
 */
function changeAfter(table: SalesTable, day: number): SalesTable {
  const change = (values: Float64Array) =>
    values.map((value, row) =>
      table.day[row]! <= day ? value : Number.isNaN(value) ? row : -3 * value - 1000
    );
  const known = new Set<string>([...LEARNED, "Year"]);
  return {
    ...table,
    sales: change(table.sales),
    features: Object.fromEntries(
      Object.entries(table.features).map(([name, values]) => [
        name,
        known.has(name) ? values : change(values),
      ]),
    ) as SalesTable["features"],
  };
}

/** What a fold says of one origin, without the sales that came to pass. */
function forecastsFrom({ origin, ...columns }: Folds, from: number) {
  const cut = (values: ArrayLike<number>) =>
    Array.from(values).filter((_, row) => origin[row] === from);
  const { seasonal, rf, gbr, seasonal_naive } = columns.predictions;
  return {
    day: cut(columns.day),
    store: cut(columns.store),
    department: cut(columns.department),
    isHoliday: cut(columns.isHoliday),
    type: cut(columns.type),
    scale: cut(columns.scale),
    seasonal: cut(seasonal),
    rf: cut(rf),
    gbr: cut(gbr),
    seasonal_naive: cut(seasonal_naive),
  };
}

Deno.test("makeFolds() forecasts each origin's weeks up to the horizon, as far as rows go", () => {
  const { folds } = made;
  assert.deepEqual([...new Set(folds.origin)], ORIGINS);
  // 12 series; 12 weeks, 12 weeks, and the last 8.
  assert.equal(folds.length, 12 * (12 + 12 + 8));
  for (const origin of ORIGINS) {
    const rows = selectRows(TABLE, (day) => day > origin && day <= origin + 7 * 12);
    const found = forecastsFrom(folds, origin);
    assert.deepEqual(found.day, Array.from(rows.day));
    assert.deepEqual(found.store, Array.from(rows.features.Store));
    assert.deepEqual(found.department, Array.from(rows.features.Dept));
    assert.deepEqual(found.isHoliday, Array.from(rows.features.IsHoliday));
    assert.deepEqual(found.type, Array.from(rows.features.Type));
    assert.deepEqual(
      Array.from(folds.sales).filter((_, row) => folds.origin[row] === origin),
      Array.from(rows.sales),
    );
  }
  assert.ok(folds.scale.every((value) => value >= 20));
});

Deno.test("makeFolds() knows nothing of the weeks after an origin", async () => {
  for (const [i, origin] of ORIGINS.entries()) {
    const { folds } = await makeFolds(changeAfter(TABLE, origin), PARAMS);
    for (const same of ORIGINS.slice(0, i + 1)) {
      assert.deepEqual(forecastsFrom(folds, same), forecastsFrom(made.folds, same));
    }
    for (const later of ORIGINS.slice(i + 1)) {
      const [after, before] = [folds, made.folds].map((folds) => forecastsFrom(folds, later));
      assert.notDeepEqual(after!.seasonal, before!.seasonal);
      assert.notDeepEqual(after!.seasonal_naive, before!.seasonal_naive);
    }
  }
});

Deno.test("makeFolds() has forecasts of three kinds that differ, and blends them by the other origins", () => {
  const { folds, shares } = made;
  const { predictions } = folds;
  const { seasonal, rf, gbr, blend } = predictions;
  assert.deepEqual(Object.keys(predictions), [...FOLD_MODELS]);
  assert.notDeepEqual(rf, seasonal);
  assert.notDeepEqual(gbr, seasonal);
  assert.notDeepEqual(gbr, rf);
  assert.ok(shares.rf + shares.gbr > 0 && shares.rf + shares.gbr <= 1);
  for (const origin of ORIGINS) {
    const take = (values: Float64Array, isWished: (at: number) => boolean) =>
      values.filter((_, row) => isWished(folds.origin[row]!));
    const others = (values: Float64Array) => take(values, (at) => at !== origin);
    const own = (values: Float64Array) => take(values, (at) => at === origin);
    const best = chooseShares({
      sales: others(folds.sales),
      isHoliday: others(folds.isHoliday),
      predictions: { seasonal: others(seasonal), rf: others(rf), gbr: others(gbr) },
    });
    assert.deepEqual(own(blend), mix(own(seasonal), own(rf), own(gbr), best));
  }
  assert.deepEqual(
    shares,
    chooseShares({ sales: folds.sales, isHoliday: folds.isHoliday, predictions }),
  );
});

Deno.test("makeFolds() has the baseline's forecasts from what was known", () => {
  for (const origin of ORIGINS) {
    const known = selectRows(TABLE, (day) => day <= origin);
    const rows = selectRows(TABLE, (day) => day > origin && day <= origin + 7 * 12);
    assert.deepEqual(
      forecastsFrom(made.folds, origin).seasonal_naive,
      Array.from(seasonalNaive(known, rows).predictions),
    );
  }
});

Deno.test("makeFolds() tells of every tree, also where there are too few rows for any", async () => {
  for (const weeks of [110, 76]) {
    let trees = 0;
    await makeFolds(smallSales(weeks), PARAMS, () => trees++);
    assert.equal(trees, 3 * (3 + 5));
  }
});

Deno.test("makeFolds() corrects nothing where the history is too short for trees", async () => {
  const { folds, shares } = await makeFolds(smallSales(76), PARAMS);
  assert.deepEqual([...new Set(folds.origin)].length, 3);
  for (const name of ["rf", "gbr", "blend"] as const) {
    assert.deepEqual(folds.predictions[name], folds.predictions.seasonal);
  }
  assert.deepEqual(shares, { rf: 0, gbr: 0 });
});

Deno.test("makeFolds() has no rows where the history is shorter than a year and a step", async () => {
  const { folds, shares } = await makeFolds(smallSales(40), PARAMS);
  assert.equal(folds.length, 0);
  assert.deepEqual(shares, { rf: 0, gbr: 0 });
  for (const name of FOLD_MODELS) assert.equal(folds.predictions[name].length, 0);
});

import assert from "node:assert/strict";
import { smallSales } from "../evaluation/testing.ts";
import { isoWeek, yearOf } from "../features/calendar.ts";
import { type FeatureColumns, LEARNED_FEATURES } from "../features/table.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { BASES } from "../history/derive.ts";
import { completeOutlook } from "../history/outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import type { Calibration } from "../intervals/conformal.ts";
import { fit, LEAF } from "../trees/mod.ts";
import { NO_CORRECTION } from "./fit_trees.ts";
import { forecast, type Forecaster, type Forecasts, intervals, predict } from "./predict.ts";
import { FIRST_DAY, makeColumns } from "./testing.ts";
import { trainingRows } from "./training_rows.ts";

/** Weeks known to the steady model. */
const WEEKS = 66;

/** Sales that never change: 1,000 and 5,000 USD in store 1, 3,000 USD in store 2. */
const steady: Forecaster = {
  ...NO_CORRECTION,
  outlook: completeOutlook({
    history: {
      firstDay: FIRST_DAY,
      weeks: WEEKS,
      stores: Uint16Array.of(1, 1, 2),
      departments: Uint16Array.of(7, 8, 7),
      sales: Float64Array.from([1000, 5000, 3000].flatMap((usd) => Array(WEEKS).fill(usd))),
    },
    seasonal: Float64Array.from([1000, 5000, 3000].flatMap((usd) => Array(57).fill(usd))),
  }),
};

/** Trees that correct store 1 by a quarter of its size, and others by minus a half. */
const corrected: Forecaster = {
  ...steady,
  features: ["Store"],
  ensemble: {
    combine: "sum",
    base: 0.125,
    leafStep: 0.125,
    features: [{ kind: "category", categories: Float64Array.of(1, 2) }],
    roots: Uint32Array.of(0, 3),
    nodes: {
      feature: Uint8Array.of(0, LEAF, LEAF),
      split: new Uint32Array(3),
      right: Uint32Array.of(2, 0, 0),
      value: Float32Array.of(0, 0.125, -0.625),
      cover: Uint32Array.of(0, 3, 1),
      sets: Uint8Array.of(1),
    },
  },
};

/** What a record says of the week so many weeks after the first. */
function records(
  ...rows: (readonly [store: number, department: number, week: number])[]
): FeatureColumns {
  const day = (row: number) => FIRST_DAY + 7 * rows[row]![2];
  return makeColumns(rows.length, {
    Store: (row) => rows[row]![0],
    Dept: (row) => rows[row]![1],
    Year: (row) => yearOf(day(row)),
    Week: (row) => isoWeek(day(row)),
  });
}

/** Without the last digits, in which sums of shares may be off. */
const roundOff = (values: Float64Array) =>
  Array.from(values, (value) => Math.round(value * 1e6) / 1e6);

const basesOf = ({ basis }: Forecasts) => Array.from(basis, (index) => BASES[index]);

Deno.test("forecast() is the seasonal forecast, plus the size times what the trees say", () => {
  const columns = records([1, 7, WEEKS], [1, 8, WEEKS + 20], [2, 7, WEEKS + 38]);
  const seasonal = forecast(steady, columns);
  assert.deepEqual(roundOff(seasonal.predictions), [1000, 5000, 3000]);
  assert.deepEqual(roundOff(seasonal.size), [1000, 5000, 3000]);
  assert.deepEqual(seasonal.horizons, Float64Array.of(1, 21, 39));
  assert.deepEqual(basesOf(seasonal), ["seasonal", "seasonal", "seasonal"]);
  assert.deepEqual(roundOff(predict(corrected, columns)), [1250, 6250, 1500]);
});

Deno.test("forecast() answers for stores and departments without a past, and says by what", () => {
  const keys = [[9, 7], [9, 8], [9, 99], [2, 8], [1, 99]] as const;
  const columns = records(
    ...keys.map(([store, department]) => [store, department, WEEKS] as const),
  );
  const found = forecast(steady, columns);
  // A store that is unknown sells what others sell; a known one begins with a hundredth.
  assert.deepEqual(roundOff(found.predictions), [2000, 5000, 3000, 50, 30]);
  assert.deepEqual(roundOff(found.size), [2000, 5000, 3000, 50, 30]);
  assert.deepEqual(basesOf(found), [
    "department",
    "department",
    "overall",
    "department",
    "overall",
  ]);
  assert.deepEqual(roundOff(predict(corrected, columns)), [1000, 2500, 1500, 25, 37.5]);
});

Deno.test("forecast() answers for weeks of the past, and for those far ahead", () => {
  const weeks = [WEEKS - 1, WEEKS - 10, 0, -200, WEEKS + 500];
  const found = forecast(steady, records(...weeks.map((week) => [1, 7, week] as const)));
  assert.deepEqual(found.horizons, Float64Array.from(weeks, (week) => week - WEEKS + 1));
  assert.deepEqual(roundOff(found.predictions), weeks.map(() => 1000));
});

Deno.test("forecast() refuses a week that the year does not have", () => {
  for (
    const [year, week] of [[2012, 53], [2011, 0], [2011, 54], [2011, 5.5], [2011, NaN]] as const
  ) {
    const columns = makeColumns(1, {
      Store: () => 1,
      Dept: () => 7,
      Year: () => year,
      Week: () => week,
    });
    assert.throws(() => forecast(steady, columns), {
      name: "RangeError",
      message: `Expected a week that the year has, but found week ${week} of ${year}`,
    });
  }
});

const sales = smallSales(80);

/** Learned from sales, of which it knows neither the last 10 weeks nor store 3. */
function makeLearned(): Forecaster {
  const known = sales.day.map((day, row) =>
    sales.features.Store[row] === 3 ? FIRST_DAY + 7 * 1000 : day
  );
  const history = historyOf({ ...sales, day: known }, FIRST_DAY + 7 * 69);
  const learner = { algorithm: "gradient_boosting" as const, parameters: { n_estimators: 8 } };
  return {
    features: LEARNED_FEATURES.map(({ name }) => name),
    ensemble: fit(trainingRows(sales, 2, 39), learner).ensemble,
    outlook: completeOutlook(compactOutlook(history, 2)),
  };
}

const learned = makeLearned();

/** Columns of some rows, in this order. */
function rowsOf(columns: FeatureColumns, rows: number[]): FeatureColumns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      Float64Array.from(rows, (row) => values[row]!),
    ]),
  ) as FeatureColumns;
}

Deno.test("forecast() gives a row the same whatever other rows there are", () => {
  const all = forecast(learned, sales.features);
  assert.deepEqual([...new Set(basesOf(all))].sort(), ["department", "seasonal"]);
  const backwards = Array.from({ length: sales.length }, (_, i) => sales.length - 1 - i);
  const alone = Array.from({ length: sales.length / 7 | 0 }, (_, i) => [7 * i]);
  for (const rows of [backwards, [5, 5, 5], ...alone]) {
    const some = forecast(learned, rowsOf(sales.features, rows));
    for (const [i, row] of rows.entries()) {
      for (const field of ["predictions", "size", "horizons", "basis"] as const) {
        assert.equal(some[field][i], all[field][row], `${field} of row ${row}`);
      }
    }
  }
  assert.deepEqual(predict(learned, rowsOf(sales.features, [])), new Float64Array(0));
});

Deno.test("forecast() reads of a record the features that the model has learned from", () => {
  const bins = [{ kind: "number" as const, edges: Float64Array.of(100) }];
  const nodes = { ...corrected.ensemble.nodes, sets: new Uint8Array(0) };
  const bySize: Forecaster = {
    ...corrected,
    features: ["Size"],
    ensemble: { ...corrected.ensemble, features: bins, nodes },
  };
  const columns = records([1, 7, WEEKS], [1, 7, WEEKS]);
  const found = predict(bySize, { ...columns, Size: Float64Array.of(99, 101) });
  assert.deepEqual(roundOff(found), [1250, 500]);
});

Deno.test("forecast() reads no features of a record that nobody knows in advance", () => {
  const unread = ["Temperature", "Fuel_Price", "MarkDown1", "CPI", "Unemployment"] as const;
  const other = Object.fromEntries(unread.map((name) => [name, new Float64Array(sales.length)]));
  assert.deepEqual(
    predict(learned, { ...sales.features, ...other }),
    predict(learned, sales.features),
  );
});

const calibration: Calibration = {
  horizons: [4, 13],
  scales: [1500, 3500],
  widths: [
    [[0.125, 0.25, 0.5], [0.25, 0.375, 0.5], [0.5, 0.5, 0.625]],
    [[0.25, 0.5, 0.75], [0.5, 0.625, 1], [0.75, 1, 1.5]],
  ],
};

Deno.test("intervals() lie round the forecast, by horizon and size of the series", () => {
  const rows = records([1, 7, WEEKS], [1, 7, WEEKS + 4], [2, 7, WEEKS + 12], [1, 8, WEEKS + 13]);
  const forecasts = forecast(steady, rows);
  const { lower, upper } = intervals({ intervals: calibration }, forecasts, 0.8);
  assert.deepEqual(roundOff(lower), [875, 750, 3000 - 1125, 5000 - 3125]);
  assert.deepEqual(roundOff(upper), [1125, 1250, 3000 + 1125, 5000 + 3125]);
  // Centred on what is forecast, as wide as the size says.
  const other = intervals({ intervals: calibration }, forecast(corrected, rows), 0.8);
  assert.deepEqual(roundOff(other.lower), [1125, 1000, 1500 - 1125, 6250 - 3125]);
});

Deno.test("intervals() hold the forecast, those of 90 % being wider than those of 80 %", () => {
  const forecasts = forecast(learned, sales.features);
  const [narrow, wide] = ([0.8, 0.9] as const).map((level) =>
    intervals({ intervals: calibration }, forecasts, level)
  );
  for (const [row, value] of forecasts.predictions.entries()) {
    assert.ok(wide!.lower[row]! < narrow!.lower[row]! && narrow!.lower[row]! <= value, `${row}`);
    assert.ok(wide!.upper[row]! > narrow!.upper[row]! && narrow!.upper[row]! >= value, `${row}`);
  }
});

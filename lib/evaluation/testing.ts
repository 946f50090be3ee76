import type { CandidateName } from "../candidates.ts";
import type { SalesTable } from "../dataset/sales_table.ts";
import { isoWeek, monthOf, yearOf } from "../features/calendar.ts";
import { isHolidayWeek } from "../features/holiday_weeks.ts";
import type { FeatureName } from "../features/table.ts";
import { compactOutlook } from "../history/compact_outlook.ts";
import { completeOutlook } from "../history/outlook.ts";
import { historyOf, type SalesRows } from "../history/sales_history.ts";
import { NO_CORRECTION } from "../model/fit_trees.ts";
import { encodeModel } from "../model/json.ts";
import type { Model, TrainingFacts } from "../model/model.ts";
import { modelParameters } from "../model/model_parameters.ts";
import { readParams } from "../params.ts";
import { fit } from "../trees/mod.ts";
import { createRandom } from "../trees/random.ts";
import { BASELINE } from "./baseline.ts";
import type { Card } from "./card/card.ts";
import { FOLD_MODELS, type FoldModel, type Folds } from "./folds.ts";

/** What a {@linkcode smallModel} says of its own training. */
export const MADE_UP_METRICS = { rmse: 12.5, mae: 7.25, wmae: 8.5, r2: 0.875, bias: -0.5, n: 1872 };

/** By what a {@linkcode smallModel} corrects each seasonal forecast, in sizes of the series. */
export const CORRECTIONS: Record<CandidateName, number> = {
  seasonal: 0,
  rf: 0.125,
  gbr: -0.25,
  blend: 0.0625,
};

/** Half the width of a {@linkcode smallModel}'s intervals, in sizes: of 80 % and of 90 %. */
export const HALF_WIDTHS = [0.25, 0.5] as const;

const ONE_SALE: SalesRows = {
  length: 1,
  day: Int32Array.of(14645),
  sales: Float64Array.of(250),
  features: { Store: Float64Array.of(1), Dept: Float64Array.of(1) },
};

/**
 * Text of the file of a model that knows these sales, and that corrects the seasonal forecast by the
 * same in all weeks. For tests only.
 *
 * @param facts What it says of its training where that should not be made up.
 * @param sales What it knows of the past.
 */
export async function smallModel(
  name: CandidateName,
  facts: Partial<TrainingFacts> = {},
  sales: SalesRows = ONE_SALE,
): Promise<string> {
  return await encodeModel({
    name,
    ...correct(name),
    outlook: completeOutlook(compactOutlook(historyOf(sales), 1)),
    stores: new Map(
      [...new Set(sales.features.Store)].map((store) => [
        store,
        { type: (store - 1) % 3, size: 1000 * store },
      ]),
    ),
    intervals: { horizons: [], scales: [], widths: HALF_WIDTHS.map((width) => [[width]]) },
    training: {
      data: { train: "0".repeat(64), validation: "1".repeat(64) },
      fitted_on: "train",
      rows: sales.length,
      weeks: { first: "2010-02-05", last: "2012-01-27", count: 104 },
      split: { strategy: "time", validation_weeks: 39 },
      parameters: modelParameters(name, await readParams(), { rf: 0.5, gbr: 0.25 }),
      metrics: { train: MADE_UP_METRICS, folds: MADE_UP_METRICS, validation: MADE_UP_METRICS },
      importance: name === "seasonal" ? {} : { Week: 1 },
      ...facts,
    },
  });
}

/** A card of a model with one row, without folds. For tests only. */
export function smallCard(name: CandidateName, checksum: string): Card {
  const metrics = { rmse: 2, mae: 2, wmae: 2, r2: 0, bias: -2, n: 1 };
  return {
    model: name,
    checksum,
    split: { strategy: "time", validation_weeks: 1 },
    metrics: { validation: { ...metrics, skill: 0 } },
    baseline: { name: BASELINE, validation: metrics, slices: { holiday: { other: metrics } } },
    slices: { holiday: { other: { ...metrics, skill: 0 } } },
    coverage: [],
    importance: {},
    learning_curve: null,
    total_by_week: [{ date: "2012-02-03", actual: 10, forecast: 8, baseline: 8 }],
    residuals: { edges: [-2, 0, 2], counts: [0, 1], below: 0, above: 0 },
    predicted_vs_actual: { edges: [8, 9, 10], counts: [[0, 0], [1, 0]] },
  };
}

function correct(name: CandidateName): Pick<Model, "features" | "ensemble"> {
  if (name === "seasonal") return NO_CORRECTION;
  const weeks = Float64Array.of(1, 53);
  const { ensemble } = fit(
    { kinds: ["number"], columns: [weeks], targets: weeks.map(() => CORRECTIONS[name]) },
    { algorithm: "random_forest", parameters: { n_estimators: 1 } },
  );
  return { features: ["Week"], ensemble };
}

/**
 * Sales of 3 stores x 4 departments, with a season, holidays, a trend and noise, from 2010-02-05;
 * department 4 of store 3 starts in week 60. The same at each call. For tests only.
 */
export function smallSales(weeks: number): SalesTable {
  const random = createRandom(1);
  const noise = () => random.integer(1001) / 1000 - 0.5;
  const rows: (Record<FeatureName, number> & { day: number; sales: number })[] = [];
  for (let series = 0; series < 12; series++) {
    const store = 1 + Math.floor(series / 4), department = 1 + series % 4;
    for (let week = series === 11 ? 60 : 0; week < weeks; week++) {
      const day = 14645 + 7 * week;
      const isHoliday = isHolidayWeek(day) ? 1 : 0;
      const season = 1 + Math.abs((week + 5 * department) % 52 - 26) / 52 + isHoliday / 4;
      const usual = 1000 * department * store * season * (1 + week / 500);
      rows.push({
        day,
        sales: Math.round(100 * usual * (1 + noise() / 5)) / 100,
        Store: store,
        Dept: department,
        IsHoliday: isHoliday,
        Temperature: 60 + 30 * noise(),
        Fuel_Price: 3 + noise(),
        MarkDown1: week < 90 ? NaN : 1000 + 500 * noise(),
        MarkDown2: NaN,
        MarkDown3: 100 * noise(),
        MarkDown4: 0,
        MarkDown5: 500 + 500 * noise(),
        CPI: 200 + week / 10,
        Unemployment: 8 + noise(),
        Type: store - 1,
        Size: 200_000 - 50_000 * store,
        Year: yearOf(day),
        Month: monthOf(day),
        Week: isoWeek(day),
      });
    }
  }
  const { day, sales, ...features } = Object.fromEntries(
    Object.keys(rows[0]!).map((name) => [
      name,
      Float64Array.from(rows, (row) => row[name as keyof typeof row]),
    ]),
  );
  return {
    length: rows.length,
    day: Int32Array.from(day!),
    sales: sales!,
    features: features as SalesTable["features"],
  };
}

/**
 * Folds of which each row is a week of a table's end, and each forecast as wrong as is said. For
 * tests only.
 *
 * @param origins The last known weeks, in weeks before the table's last.
 * @param errorOf Forecast less sales of a model's row, in USD.
 */
export function madeUpFolds(
  { length, day, sales, features }: SalesTable,
  origins: number[],
  errorOf: (name: FoldModel, row: number) => number,
): Folds {
  const last = day.reduce((a, b) => Math.max(a, b), -Infinity);
  const chosen = origins.map((weeks) => last - 7 * weeks).flatMap((origin) =>
    Array.from({ length }, (_, row) => ({ origin, row })).filter(({ row }) => day[row]! > origin)
  );
  const take = (values: ArrayLike<number>) => Float64Array.from(chosen, ({ row }) => values[row]!);
  const actual = take(sales);
  return {
    length: chosen.length,
    origin: Int32Array.from(chosen, ({ origin }) => origin),
    day: Int32Array.from(take(day)),
    store: take(features.Store),
    department: take(features.Dept),
    isHoliday: take(features.IsHoliday),
    type: take(features.Type),
    scale: take(sales.map((value) => Math.max(20, value))),
    sales: actual,
    predictions: Object.fromEntries(
      FOLD_MODELS.map((name) => [name, actual.map((value, row) => value + errorOf(name, row))]),
    ) as Folds["predictions"],
  };
}

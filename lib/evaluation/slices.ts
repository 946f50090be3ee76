import type { SalesTable } from "../dataset/sales_table.ts";
import { FEATURES } from "../features/table.ts";
import { bandOf, HORIZON_BANDS } from "../intervals/bands.ts";
import { type Metrics, regressionMetrics, roundMetrics } from "./metrics.ts";

/** A partition of rows: the names of its parts, and for each row the index of its part. */
export interface Slicing {
  parts: readonly string[];
  /** As long as the table, values 0 to parts.length - 1. */
  partOfRow: Uint8Array;
}

/** By what validation rows are split up: name of the slicing, then name of the part. */
export type SliceMetrics = Record<string, Record<string, Metrics>>;

const STORE_TYPES = FEATURES.find((feature) => feature.name === "Type")!.values;

/** What {@linkcode forecastSlicings} goes by, one a row. */
export interface SlicedRows {
  /** 1 for a row of a holiday week, else 0. */
  isHoliday: ArrayLike<number>;
  /** Code of the store's type. */
  type: ArrayLike<number>;
  /** Weeks from the forecast's origin, from 1. */
  horizon: ArrayLike<number>;
}

/**
 * Slicings of any forecasts:
 * - `holiday`: `holiday` weeks and `other` weeks;
 * - `store_type`: type of the store, as in the feature table;
 * - `horizon`: weeks ahead, in parts that end after 4, 13 and 26.
 */
export function forecastSlicings(
  { isHoliday, type, horizon }: SlicedRows,
): Record<string, Slicing> {
  const starts = [1, ...HORIZON_BANDS.map((end) => end + 1)];
  return {
    holiday: {
      parts: ["holiday", "other"],
      partOfRow: Uint8Array.from(isHoliday, (flag) => flag === 1 ? 0 : 1),
    },
    store_type: { parts: STORE_TYPES, partOfRow: Uint8Array.from(type) },
    horizon: {
      parts: starts.map((start, i) =>
        i < HORIZON_BANDS.length ? `${start}-${HORIZON_BANDS[i]}` : `${start}+`
      ),
      partOfRow: Uint8Array.from(horizon, (weeks) => bandOf(HORIZON_BANDS, weeks)),
    },
  };
}

/**
 * The slicings of the validation rows: those of {@linkcode forecastSlicings}, without the horizon for
 * rows that training surrounds, and:
 * - `department_size`: quartile of the row's department among all departments by mean training
 *   sales a row, `q1` the smallest to `q4` the largest; `new` for departments that training lacks.
 */
export function validationSlicings(train: SalesTable, val: SalesTable): Record<string, Slicing> {
  const origin = train.day.reduce((a, b) => Math.max(a, b), -Infinity);
  const { holiday, store_type, horizon } = forecastSlicings({
    isHoliday: val.features.IsHoliday,
    type: val.features.Type,
    horizon: val.day.map((day) => (day - origin) / 7),
  }) as Record<"holiday" | "store_type" | "horizon", Slicing>;
  return {
    holiday,
    store_type,
    ...val.day.every((day) => day > origin) && { horizon },
    department_size: departmentSize(train, val.features.Dept),
  };
}

/**
 * Metrics of each part of each slicing; parts without rows are left out.
 *
 * @param isHoliday 1 for a row of a holiday week, else 0.
 */
export function sliceMetrics(
  slicings: Record<string, Slicing>,
  actual: Float64Array,
  predicted: Float64Array,
  isHoliday: Float64Array,
): SliceMetrics {
  const result: SliceMetrics = {};
  for (const [name, { parts, partOfRow }] of Object.entries(slicings)) {
    const metrics: Record<string, Metrics> = {};
    parts.forEach((part, index) => {
      const inPart = (_: number, row: number) => partOfRow[row] === index;
      const partActual = actual.filter(inPart);
      if (partActual.length === 0) return;
      metrics[part] = regressionMetrics(
        partActual,
        predicted.filter(inPart),
        isHoliday.filter(inPart),
      );
    });
    result[name] = metrics;
  }
  return result;
}

/** Slices as the files hold them, each metric rounded. */
export function roundSlices(slices: SliceMetrics): SliceMetrics {
  const roundParts = (parts: Record<string, Metrics>) =>
    Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, roundMetrics(value)]));
  return Object.fromEntries(
    Object.entries(slices).map(([name, parts]) => [name, roundParts(parts)]),
  );
}

/** Quartile of department size for each row of `departments` (department numbers). */
function departmentSize(train: SalesTable, departments: Float64Array): Slicing {
  const sums = new Map<number, { sales: number; rows: number }>();
  for (let row = 0; row < train.length; row++) {
    const department = train.features.Dept[row]!;
    let sum = sums.get(department);
    if (sum === undefined) sums.set(department, sum = { sales: 0, rows: 0 });
    sum.sales += train.sales[row]!;
    sum.rows++;
  }
  const bySize = [...sums]
    .map(([department, { sales, rows }]) => ({ department, mean: sales / rows }))
    .sort((a, b) => a.mean - b.mean || a.department - b.department);
  const quartiles = new Map(
    bySize.map(({ department }, rank) => [department, Math.floor(rank * 4 / bySize.length)]),
  );
  return {
    parts: ["q1", "q2", "q3", "q4", "new"],
    partOfRow: Uint8Array.from(departments, (department) => quartiles.get(department) ?? 4),
  };
}

import type { SalesTable } from "../dataset/sales_table.ts";
import { HOLIDAY_WEIGHT } from "../evaluation/metrics.ts";
import { LEARNED_FEATURES } from "../features/table.ts";
import { derive } from "../history/derive.ts";
import { joinColumns } from "../columns.ts";
import { outlookOf } from "../history/compact_outlook.ts";
import { SEASON } from "../history/seasons.ts";
import { historyOf, originOf, type SalesHistory } from "../history/sales_history.ts";
import type { TrainingData } from "../trees/mod.ts";
import { learnedColumns } from "./columns.ts";

/** What trees learn from: forecasts that were made in the past, and what came to pass. */
export interface TrainingRows extends TrainingData {
  weights: Float64Array;
  /** The seasonal forecast, and the unit of the targets, in USD. */
  seasonal: Float64Array;
  size: Float64Array;
  /** Actual sales, in USD. */
  sales: Float64Array;
  /** 1 for a row of a holiday week, else 0. */
  isHoliday: Float64Array;
}

/** Weeks between the origins from which trees learn. */
const STEP_WEEKS = 13;

/** No more origins than these: what is older than two years is of another time. */
const MOST_ORIGINS = 8;

/** A residual beyond so many sizes is taken for one of so many. */
const MOST_SIZES = 2;

/**
 * Rows for the trees: at origins a quarter apart, what was known then of each week up to the
 * horizon, and by how much the seasonal forecast was off, in sizes of the series. Rows weigh what
 * they count in WMAE: the size, five times in holiday weeks.
 *
 * @param table Sales up to the last week that may be known.
 * @param rank Of the smoothing.
 * @param horizon In weeks.
 * @returns No rows where the history is shorter than a year and a quarter.
 */
export function trainingRows(table: SalesTable, rank: number, horizon: number): TrainingRows {
  const history = historyOf(table);
  const parts: Part[] = [];
  // An origin needs a year behind it, to have weeks of last year to look at.
  for (
    let weeks = history.weeks - STEP_WEEKS;
    weeks >= SEASON && parts.length < MOST_ORIGINS;
    weeks -= STEP_WEEKS
  ) {
    // Made anew, so that a series that had not sold by then is as unknown as it was then.
    const known = historyOf(table, history.firstDay + 7 * (weeks - 1));
    parts.push(rowsFrom(table, known, rank, horizon));
  }
  const join = (pick: (part: Part) => Float64Array) => joinColumns(parts.map(pick));
  const seasonal = join((part) => part.seasonal), size = join((part) => part.size);
  const sales = join((part) => part.sales), isHoliday = join((part) => part.isHoliday);
  return {
    kinds: LEARNED_FEATURES.map(({ kind }) => kind === "category" ? "category" : "number"),
    columns: LEARNED_FEATURES.map((_, i) => join(({ columns }) => columns[i]!)),
    targets: sales.map((actual, row) => {
      const residual = (actual - seasonal[row]!) / size[row]!;
      return Math.max(-MOST_SIZES, Math.min(MOST_SIZES, residual));
    }),
    weights: size.map((value, row) => value * (isHoliday[row] === 1 ? HOLIDAY_WEIGHT : 1)),
    seasonal,
    size,
    sales,
    isHoliday,
  };
}

interface Part {
  columns: Float64Array[];
  seasonal: Float64Array;
  size: Float64Array;
  sales: Float64Array;
  isHoliday: Float64Array;
}

/** The rows of a table that an origin forecasts. */
function rowsFrom(
  table: SalesTable,
  known: SalesHistory,
  rank: number,
  horizon: number,
): Part {
  const origin = originOf(known);
  const rows = selectRows(table, (day) => day > origin && day <= origin + 7 * horizon);
  const { features, day, sales } = rows;
  const outlook = outlookOf(known, rank);
  const derived = derive(outlook, {
    stores: features.Store,
    departments: features.Dept,
    days: day,
  });
  const { seasonal, size } = derived;
  return {
    columns: learnedColumns(features, derived.columns),
    seasonal,
    size,
    sales,
    isHoliday: features.IsHoliday,
  };
}

/** The rows of a table whose day is as wished. */
export function selectRows(table: SalesTable, isWished: (day: number) => boolean): SalesTable {
  const chosen = Uint32Array.from(table.day.keys()).filter((row) => isWished(table.day[row]!));
  const take = (values: Float64Array) => Float64Array.from(chosen, (row) => values[row]!);
  return {
    length: chosen.length,
    day: Int32Array.from(chosen, (row) => table.day[row]!),
    sales: take(table.sales),
    features: Object.fromEntries(
      Object.entries(table.features).map(([name, values]) => [name, take(values)]),
    ) as SalesTable["features"],
  };
}

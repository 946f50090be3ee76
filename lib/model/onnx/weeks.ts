import { DAY_MS, monthOf } from "../../features/calendar.ts";
import { FEATURES } from "../../features/table.ts";
import { dayOfWeek } from "../../features/week.ts";
import { describeWeek } from "../../history/derive.ts";
import type { Outlook } from "../../history/outlook.ts";
import { bandOf } from "../../intervals/bands.ts";
import type { Graph } from "./graph.ts";

const { min: FIRST_YEAR, max: LAST_YEAR } = FEATURES.find((feature) => feature.name === "Year")!;
const { max: WEEKS_OF_YEAR } = FEATURES.find((feature) => feature.name === "Week")!;

/** What is tabulated of each week, as whole numbers. */
const COLUMNS = [
  "Days_From_Super_Bowl",
  "Days_From_Easter",
  "Days_From_Labor_Day",
  "Days_From_Thanksgiving",
  "Days_From_Christmas",
  "Horizon",
  /** Columns of the table of sales, and of that of levels. */
  "Lag_51",
  "Lag_52",
  "Lag_53",
  "level_1",
  "level_2",
  /** Index in the table of shares, and in that of scales. */
  "share_1",
  "share_2",
  "scale",
  /** Band of horizons of the intervals. */
  "band",
] as const;

type WeekColumn = typeof COLUMNS[number];

/** Values of a graph that describe the rows' weeks; int64 but where said else. */
export interface WeekValues extends Record<WeekColumn, string> {
  /** Whether the year has such a week (bool). */
  isWeek: string;
  /** Shares of the two weeks, and the scale of the errors (double). */
  shares: [string, string];
  errorScale: string;
}

/**
 * Adds to a graph what all rows of a week have in common: looked up by year, week and month in tables
 * of all weeks of the years that a record may name, made by the very functions that we predict with.
 *
 * @param known Number of weeks of sales, and of seasonal levels, that are known of each series.
 * @param bands Ends of the intervals' bands of horizons, in weeks.
 */
export function addWeeks(
  graph: Graph,
  { Year, Month, Week }: Record<"Year" | "Month" | "Week", string>,
  outlook: Outlook,
  known: { sales: number; levels: number },
  bands: number[],
): WeekValues {
  const table = weekTable(outlook, known, bands);
  const { first, other, otherMonth } = weekNumbers(outlook.origin, table.firstDay);
  const within = (value: string, low: number, high: number) =>
    graph.op("And", [
      graph.op("GreaterOrEqual", [value, graph.int(low)]),
      graph.op("LessOrEqual", [value, graph.int(high)]),
    ]);
  const isPossible = graph.op("And", [
    within(Year, FIRST_YEAR, LAST_YEAR),
    within(Week, 1, WEEKS_OF_YEAR),
  ]);
  const place = graph.op("Add", [
    graph.op("Mul", [
      graph.op("Sub", [Year, graph.int(FIRST_YEAR)]),
      graph.int(WEEKS_OF_YEAR),
    ]),
    graph.op("Sub", [Week, graph.int(1)]),
  ]);
  // The last entry is that of weeks that cannot be.
  const index = graph.where(isPossible, place, graph.int(first.length - 1));
  const lookUp = (values: Int16Array) =>
    graph.cast(graph.gather(graph.constant(values), index), "int64");
  const number = graph.where(
    graph.op("Equal", [lookUp(otherMonth), Month]),
    lookUp(other),
    lookUp(first),
  );
  const rows = graph.gather(
    graph.constant(table.values, [table.values.length / COLUMNS.length, COLUMNS.length]),
    graph.op("Max", [number, graph.int(0)]),
  );
  const columns = Object.fromEntries(
    COLUMNS.map((name, i) => [
      name,
      graph.cast(graph.op("Gather", [rows, graph.int(i)], { axis: 1 }), "int64"),
    ]),
  ) as Record<WeekColumn, string>;
  const shares = graph.constant(Float64Array.from(table.shares));
  return {
    ...columns,
    isWeek: graph.op("GreaterOrEqual", [number, graph.int(0)]),
    shares: [graph.gather(shares, columns.share_1), graph.gather(shares, columns.share_2)],
    errorScale: graph.gather(graph.constant(Float64Array.from(table.scales)), columns.scale),
  };
}

/** One row of {@linkcode COLUMNS} a week, from `firstDay` on. */
function weekTable(outlook: Outlook, known: { sales: number; levels: number }, bands: number[]) {
  const { origin } = outlook;
  const first = Date.UTC(FIRST_YEAR, 0, 1) / DAY_MS;
  const last = Date.UTC(LAST_YEAR, 11, 31) / DAY_MS;
  const firstDay = first + ((origin - first) % 7 + 7) % 7;
  // Where nothing is known there is one more column, which holds NaN.
  const column = (day: number, weeks: number) => {
    const back = (origin - day) / 7;
    return back < 0 || back >= weeks ? weeks : weeks - 1 - back;
  };
  const shares: number[] = [0], scales: number[] = [];
  const values: number[] = [];
  for (let day = firstDay; day <= last; day += 7) {
    const week = describeWeek(outlook, day);
    const [one, two = { day: origin + 7, share: 0 }] = week.sources;
    const row: Record<WeekColumn, number> = {
      Days_From_Super_Bowl: week.superBowl,
      Days_From_Easter: week.easter,
      Days_From_Labor_Day: week.laborDay,
      Days_From_Thanksgiving: week.thanksgiving,
      Days_From_Christmas: week.christmas,
      Horizon: week.horizon,
      Lag_51: column(week.same + 7, known.sales),
      Lag_52: column(week.same, known.sales),
      Lag_53: column(week.same - 7, known.sales),
      level_1: column(one!.day, known.levels),
      level_2: column(two.day, known.levels),
      share_1: placeIn(shares, one!.share),
      share_2: placeIn(shares, two.share),
      scale: placeIn(scales, week.scale),
      band: bandOf(bands, week.horizon),
    };
    for (const name of COLUMNS) values.push(row[name]);
  }
  return { firstDay, values: Int16Array.from(values), shares, scales };
}

/** Index of a value in a list, which gets it where it lacks it. */
function placeIn(list: number[], value: number): number {
  const place = list.indexOf(value);
  return place >= 0 ? place : list.push(value) - 1;
}

/**
 * Numbers of weeks from `firstDay`, by year and week: of the one that a record names without a month,
 * and of the other one of that name, if any, which is in `otherMonth`. -1: there is none.
 */
function weekNumbers(weekday: number, firstDay: number) {
  const first: number[] = [], other: number[] = [], otherMonth: number[] = [];
  const number = (day: number | undefined) => day === undefined ? -1 : (day - firstDay) / 7;
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (let week = 1; week <= WEEKS_OF_YEAR; week++) {
      const day = dayOfWeek(year, week, weekday);
      // Two weeks of one year with the same number are in its first month and in its last.
      const second = [1, 12].map((month) => dayOfWeek(year, week, weekday, month))
        .find((found) => found !== day);
      first.push(number(day));
      other.push(number(second));
      otherMonth.push(second === undefined ? -1 : monthOf(second));
    }
  }
  for (const numbers of [first, other, otherMonth]) numbers.push(-1);
  return {
    first: Int16Array.from(first),
    other: Int16Array.from(other),
    otherMonth: Int16Array.from(otherMonth),
  };
}

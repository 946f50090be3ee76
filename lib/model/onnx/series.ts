import { growthFactor, NEW_SHARE } from "../../history/derive.ts";
import { ALL, type Outlook } from "../../history/outlook.ts";
import { DEPARTMENTS } from "../../history/sales_history.ts";
import type { Graph } from "./graph.ts";

/** What is known of a series as a whole: functions of the outlook, one value a series. */
const COLUMNS = {
  size: (outlook: Outlook, series: number) => outlook.size[series]!,
  level: (outlook: Outlook, series: number) => outlook.level[series]!,
  growth: growthFactor,
  Series_Growth: (outlook: Outlook, series: number) => outlook.growth[series]!,
  Department_Growth: (outlook: Outlook, series: number) => outlook.departmentGrowth[series]!,
  Store_Growth: (outlook: Outlook, series: number) => outlook.storeGrowth[series]!,
  Volatility: (outlook: Outlook, series: number) => outlook.volatility[series]!,
};

type SeriesColumn = keyof typeof COLUMNS;

/** Values of a graph that describe the rows' series (double but where said else). */
export interface SeriesValues extends Record<SeriesColumn, string> {
  /** The series that stands for the row (int64). */
  series: string;
  /** What the row sells of what that series sells. */
  share: string;
}

/** Adds to a graph which series each row is of, and what is known of it. */
export function addSeries(
  graph: Graph,
  { Store, Dept }: Record<"Store" | "Dept", string>,
  outlook: Outlook,
): SeriesValues {
  const { history: { stores, departments }, find, knows } = outlook;
  const lookUp = (value: string, keys: number[], values: number[], fallback: number) =>
    graph.mlOp("LabelEncoder", [value], {
      keys_int64s: keys,
      values_int64s: values,
      default_int64: fallback,
    });
  // Nobody has looked at the record before: other numbers, or a product beyond 64 bits, would give
  // the key of another series.
  const isNumber = (value: string) =>
    graph.op("And", [
      graph.op("GreaterOrEqual", [value, graph.int(0)]),
      graph.op("Less", [value, graph.int(DEPARTMENTS)]),
    ]);
  const key = graph.op("Add", [graph.op("Mul", [Store, graph.int(DEPARTMENTS)]), Dept]);
  const own = lookUp(
    graph.where(graph.op("And", [isNumber(Store), isNumber(Dept)]), key, graph.int(-1)),
    [...stores].map((store, i) => store * DEPARTMENTS + departments[i]!),
    [...stores.keys()],
    -1,
  );
  const means = [...stores.keys()].filter((series) => stores[series] === ALL);
  const mean = lookUp(
    Dept,
    means.map((series) => departments[series]!),
    means,
    find(ALL, ALL),
  );
  const isUnknown = graph.op("Less", [own, graph.int(0)]);
  const series = graph.where(isUnknown, mean, own);
  const isKnownStore = graph.op("Equal", [
    lookUp(Store, [...knows], [...knows].map(() => 1), 0),
    graph.int(1),
  ]);
  const values = Object.fromEntries(
    Object.entries(COLUMNS).map(([name, valueOf]) => {
      const column = Float64Array.from(stores.keys(), (series) => valueOf(outlook, series));
      return [name, graph.gather(graph.constant(column), series)];
    }),
  ) as Record<SeriesColumn, string>;
  return {
    ...values,
    series,
    share: graph.where(
      graph.op("And", [isUnknown, isKnownStore]),
      graph.double(NEW_SHARE),
      graph.double(1),
    ),
  };
}

/**
 * Adds a table of weeks by series to a graph.
 *
 * @param values Week `i` of series `s` at `s * weeks + i`.
 * @returns Makes the value (double) of each row's series in the week whose number a value says
 *   (int64); NaN in the one behind the last.
 */
export function addWeekTable(
  graph: Graph,
  values: Float64Array,
  weeks: number,
  series: string,
): (week: string) => string {
  const width = weeks + 1;
  const padded = new Float64Array(values.length / weeks * width).fill(NaN);
  for (let row = 0; row < values.length / weeks; row++) {
    padded.set(values.subarray(row * weeks, (row + 1) * weeks), row * width);
  }
  const table = graph.constant(padded);
  const start = graph.op("Mul", [series, graph.int(width)]);
  return (week) => graph.gather(table, graph.op("Add", [start, week]));
}

import { originOf, type SalesHistory, seriesFinder } from "./sales_history.ts";
import { growthOf, SEASON } from "./seasons.ts";

/** Weeks by which recent growth is measured. docs/forecasting.md has others. */
const GROWTH_WEEKS = 13;

/** Weeks of sales that an outlook looks at. */
export const KNOWN_WEEKS = SEASON + GROWTH_WEEKS + 1;

/** Known weeks that make up a series' recent level. */
const LEVEL_WEEKS = 8;

/** Least size of a series, in USD a week: errors are counted in sizes. */
export const LEAST_SIZE = 20;

/** Number of the store, and of the department, that stands for the mean of all. */
export const ALL = 0;

/** What a model file carries of the past. */
export interface CompactOutlook {
  /** The last weeks alone. */
  history: SalesHistory;
  /**
   * Usual sales of the last weeks, in whole USD: week `i` of those of series `s` at
   * `s * weeks + i`; `lib/history/seasonal_levels.ts` makes them.
   */
  seasonal: Float64Array;
}

/**
 * All that a forecast may know at its origin, the last week of the history. Beside the series there
 * is one for the mean of each department (store {@linkcode ALL}) and of everything, for stores and
 * departments without a past.
 */
export interface Outlook extends CompactOutlook {
  /** The week that is known last, in days since 1970-01-01. */
  origin: number;
  /** Number of a store's department among the series, -1 where it has never sold. */
  find: (store: number, department: number) => number;
  /** The stores that have sold anything. */
  knows: Set<number>;
  /** By series: mean of |sales| in the last year, at least 20, in USD a week. */
  size: Float64Array;
  /** By series: mean of the last weeks known, in USD. */
  level: Float64Array;
  /** By series: logarithm of the last quarter's sales over those of a year before. */
  growth: Float64Array;
  /** The same of its department and of its store in all. */
  departmentGrowth: Float64Array;
  storeGrowth: Float64Array;
  /** By series: mean distance of the last year's sales from their seasonal levels, in sizes. */
  volatility: Float64Array;
}

/**
 * Completes what the file carries. Training and serving alike go through here, with the same
 * numbers, so that a feature is the same in both.
 */
export function completeOutlook({ history, seasonal }: CompactOutlook): Outlook {
  const all = withMeans(history, seasonal);
  const { sales, weeks, stores, departments } = all.history;
  const count = stores.length;
  const kept = all.seasonal.length / count;
  const sums = recentSums(all.history);
  const groupGrowth = (groups: Uint16Array) => {
    const grouped = new Map<number, { last: number; before: number }>();
    for (let series = 0; series < history.stores.length; series++) {
      const group = groups[series]!;
      const sum = grouped.get(group) ?? { last: 0, before: 0 };
      sum.last += sums.last[series]!;
      sum.before += sums.before[series]!;
      grouped.set(group, sum);
    }
    const growth = new Map<number, number>();
    for (const [group, { last, before }] of grouped) {
      growth.set(group, Math.log(growthOf(last, before)));
    }
    const ofSeries = new Float64Array(count);
    for (let series = 0; series < count; series++) {
      ofSeries[series] = growth.get(groups[series]!) ?? 0;
    }
    return ofSeries;
  };
  const outlook: Outlook = {
    ...all,
    origin: originOf(history),
    find: seriesFinder(all.history),
    knows: new Set(history.stores),
    size: new Float64Array(count),
    level: new Float64Array(count),
    growth: sums.last.map((last, series) => Math.log(growthOf(last, sums.before[series]!))),
    departmentGrowth: groupGrowth(departments),
    storeGrowth: groupGrowth(stores),
    volatility: new Float64Array(count),
  };
  for (let series = 0; series < count; series++) {
    let known = 0, total = 0, distance = 0, latest = 0, latestKnown = 0;
    for (let week = weeks - 1; week >= 0; week--) {
      const value = sales[series * weeks + week]!;
      if (Number.isNaN(value)) continue;
      if (latestKnown < LEVEL_WEEKS) {
        latest += value;
        latestKnown++;
      }
      if (week < weeks - SEASON) continue;
      known++;
      total += Math.abs(value);
      distance += Math.abs(value - all.seasonal[series * kept + week - (weeks - kept)]!);
    }
    const size = Math.max(LEAST_SIZE, known > 0 ? total / known : 0);
    outlook.size[series] = size;
    outlook.level[series] = latestKnown > 0 ? latest / latestKnown : 0;
    outlook.volatility[series] = known > 0 ? distance / known / size : NaN;
  }
  return outlook;
}

/** Sums of the last quarter and of the same weeks a year before, where both are known. */
function recentSums({ weeks, stores, sales }: SalesHistory) {
  const last = new Float64Array(stores.length), before = new Float64Array(stores.length);
  for (let series = 0; series < stores.length; series++) {
    for (let week = Math.max(SEASON, weeks - GROWTH_WEEKS); week < weeks; week++) {
      const now = sales[series * weeks + week]!, then = sales[series * weeks + week - SEASON]!;
      if (Number.isNaN(now) || Number.isNaN(then)) continue;
      last[series] = last[series]! + now;
      before[series] = before[series]! + then;
    }
  }
  return { last, before };
}

/** Adds the means of the departments, and of everything. */
function withMeans(history: SalesHistory, seasonal: Float64Array): CompactOutlook {
  const { stores, departments, weeks, sales } = history;
  const kept = seasonal.length / stores.length;
  const groups = [...new Set(departments)].sort((a, b) => a - b);
  const places = new Map(groups.map((department, i) => [department, stores.length + 1 + i]));
  const count = stores.length + 1 + groups.length;
  const everything = stores.length;
  const extend = (values: Float64Array, width: number) => {
    const extended = new Float64Array(count * width);
    extended.set(values);
    const start = everything * width;
    /** Of each mean: how many values it has. */
    const known = new Uint32Array(extended.length - start);
    for (let series = 0; series < stores.length; series++) {
      const group = places.get(departments[series]!)! * width;
      for (let i = 0; i < width; i++) {
        const value = values[series * width + i]!, at = group + i;
        if (Number.isNaN(value)) continue;
        extended[at] = extended[at]! + value;
        known[at - start] = known[at - start]! + 1;
      }
    }
    // Sums of whole USD are the same in any order.
    for (let group = everything + 1; group < count; group++) {
      for (let i = 0; i < width; i++) {
        const from = group * width + i, at = everything * width + i;
        extended[at] = extended[at]! + extended[from]!;
        known[at - start] = known[at - start]! + known[from - start]!;
      }
    }
    for (let at = start; at < extended.length; at++) {
      extended[at] = known[at - start]! > 0 ? extended[at]! / known[at - start]! : NaN;
    }
    return extended;
  };
  return {
    history: {
      ...history,
      stores: Uint16Array.from([...stores, ALL, ...groups.map(() => ALL)]),
      departments: Uint16Array.from([...departments, ALL, ...groups]),
      sales: extend(sales, weeks),
    },
    seasonal: extend(seasonal, kept),
  };
}

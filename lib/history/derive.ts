import { makeColumns } from "../columns.ts";
import { daysFrom } from "../features/holidays.ts";
import { DERIVED_FEATURES, type DerivedFeatureName } from "../features/table.ts";
import { seasonsTo, type SourceWeek, sourceWeeks } from "./alignment.ts";
import { ALL, LEAST_SIZE, type Outlook } from "./outlook.ts";
import { SEASON_DAYS } from "./seasons.ts";

/** Which week of which store and department: one a row. */
export interface Keys {
  stores: ArrayLike<number>;
  departments: ArrayLike<number>;
  /** In days since 1970-01-01, of the weekday of the history's weeks. */
  days: ArrayLike<number>;
}

/**
 * What past sales a forecast rests on, the best first:
 * - `seasonal`: the corresponding weeks of last year, smoothed;
 * - `filled`: these were not sold; the department's course in them, at the level of the series;
 * - `recent`: the last weeks of the series, where the history is shorter than a year;
 * - `department`: the mean of the department's stores, where the store has not sold of it for a year;
 * - `overall`: the mean of everything, where nobody has sold of the department for a year.
 */
export const BASES = ["seasonal", "filled", "recent", "department", "overall"] as const;

/** One of {@linkcode BASES}. */
export type Basis = typeof BASES[number];

/** Derived features of rows, and the forecast that trees then correct. */
export interface Derived {
  columns: Record<DerivedFeatureName, Float64Array>;
  /** The seasonal forecast: the seasonal level times growth, in USD. */
  seasonal: Float64Array;
  /** Size of the row's series, in USD a week: the unit of its features and corrections. */
  size: Float64Array;
  /** How large its error is to be expected, against other rows': its size, more round Christmas. */
  scale: Float64Array;
  /** Index in {@linkcode BASES}. */
  basis: Uint8Array;
}

/**
 * How much of the last quarter's growth goes on, by series, by department and by store. Together
 * less than 1: growth fades. Chosen like the shares of `seasonal_levels.ts`.
 */
const GROWTH_SHARE = { series: 0.5, department: 0.1, store: 0.2 };

/**
 * A department that is new to a store which others know starts small: with a hundredth of the other
 * stores' mean, the median over such rows of the Walmart data (0.7 to 1.3 % by origin).
 */
export const NEW_SHARE = 0.01;

/**
 * From the week of Thanksgiving to 3 January errors are 1.57 to 1.83 times as large as in
 * other weeks (quantiles of 80 and 90 %, three origins of the Walmart data), and seldom has a fold
 * seen such weeks.
 */
const CHRISTMAS_SCALE = 1.65;

/** What {@linkcode derive} fills, for so many rows. */
export function makeDerived(rows: number): Derived {
  return {
    columns: makeColumns(NAMES, rows),
    ...makeColumns(["seasonal", "size", "scale"], rows),
    basis: new Uint8Array(rows),
  };
}

/**
 * Derives features from keys and what is known at the outlook's origin, and from nothing else.
 *
 * @param into Where the results go, of as many rows as there are keys.
 *
 * @example
 * ```ts
 * import { readModel } from "../model/file.ts";
 * import { derive } from "./derive.ts";
 * import { completeOutlook } from "./outlook.ts";
 * const { outlook } = await readModel("models/model.json");
 * const days = [outlook.origin + 7];
 * console.log(derive(outlook, { stores: [1], departments: [1], days }).seasonal); // USD
 * ```
 */
export function derive(
  outlook: Outlook,
  { stores, departments, days }: Keys,
  into = makeDerived(days.length),
): Derived {
  const rows = days.length;
  const { columns, seasonal, size, scale, basis } = into;
  const weeks = weeksOf(outlook);
  for (let row = 0; row < rows; row++) {
    const day = days[row]!;
    let week = weeks.get(day);
    if (!week) weeks.set(day, week = describeWeek(outlook, day));
    const series = findSeries(outlook, stores[row]!, departments[row]!);
    const share = shareOf(outlook, series, stores[row]!);
    const unit = Math.max(LEAST_SIZE, share * outlook.size[series]!);
    const level = share * seasonalLevel(outlook, series, week.sources);
    const recent = share * outlook.level[series]!;
    // What is known has grown already.
    const growth = week.horizon <= 0 ? 1 : growthFactor(outlook, series);
    size[row] = unit;
    scale[row] = unit * week.scale;
    seasonal[row] = Number.isNaN(level) ? recent : level * growth;
    basis[row] = basisOf(outlook, series, level, week.sources);
    columns.Days_From_Super_Bowl[row] = week.superBowl;
    columns.Days_From_Easter[row] = week.easter;
    columns.Days_From_Labor_Day[row] = week.laborDay;
    columns.Days_From_Thanksgiving[row] = week.thanksgiving;
    columns.Days_From_Christmas[row] = week.christmas;
    columns.Horizon[row] = week.horizon;
    columns.Lag_51[row] = share * salesAt(outlook, series, week.same + 7) / unit;
    columns.Lag_52[row] = share * salesAt(outlook, series, week.same) / unit;
    columns.Lag_53[row] = share * salesAt(outlook, series, week.same - 7) / unit;
    columns.Seasonal_Level[row] = level / unit;
    columns.Series_Growth[row] = outlook.growth[series]!;
    columns.Department_Growth[row] = outlook.departmentGrowth[series]!;
    columns.Store_Growth[row] = outlook.storeGrowth[series]!;
    columns.Recent_Level[row] = recent / unit;
    columns.Volatility[row] = outlook.volatility[series]!;
    columns.Series_Size[row] = unit;
  }
  return into;
}

const NAMES = DERIVED_FEATURES.map(({ name }) => name);

/** What of the last quarter's growth goes on, as a factor. */
export function growthFactor(outlook: Outlook, series: number): number {
  return Math.exp(
    GROWTH_SHARE.series * outlook.growth[series]! +
      GROWTH_SHARE.department * outlook.departmentGrowth[series]! +
      GROWTH_SHARE.store * outlook.storeGrowth[series]!,
  );
}

/** Weeks of an outlook that were described already: requests ask for the same few. */
const described = new WeakMap<Outlook, Map<number, Week>>();

/** Weeks that are remembered at most, of each outlook; there are 15,700 from 1900 to 2200. */
const MOST_DESCRIBED = 2_000;

function weeksOf(outlook: Outlook): Map<number, Week> {
  let weeks = described.get(outlook);
  if (!weeks || weeks.size > MOST_DESCRIBED) described.set(outlook, weeks = new Map());
  return weeks;
}

/** What all rows of a week have in common. */
export interface Week {
  superBowl: number;
  easter: number;
  laborDay: number;
  thanksgiving: number;
  christmas: number;
  horizon: number;
  /** Of its errors, against other weeks'. */
  scale: number;
  sources: SourceWeek[];
  /** The same week of the last season that is known. */
  same: number;
}

/**
 * Describes a week as seen from an origin.
 *
 * @param day In days since 1970-01-01, of the weekday of the history's weeks.
 */
export function describeWeek({ origin }: Pick<Outlook, "origin">, day: number): Week {
  const thanksgiving = daysFrom("Thanksgiving", day), christmas = daysFrom("Christmas", day);
  const isChristmas = christmas <= 9 && christmas >= -35 && thanksgiving >= 0;
  return {
    superBowl: daysFrom("Super Bowl", day),
    easter: daysFrom("Easter", day),
    laborDay: daysFrom("Labor Day", day),
    thanksgiving,
    christmas,
    scale: isChristmas ? CHRISTMAS_SCALE : 1,
    horizon: (day - origin) / 7,
    sources: sourceWeeks(day, origin),
    same: day - seasonsTo(day, origin) * SEASON_DAYS,
  };
}

function findSeries({ find }: Outlook, store: number, department: number): number {
  const own = find(store, department);
  if (own >= 0) return own;
  const ofDepartment = find(ALL, department);
  return ofDepartment >= 0 ? ofDepartment : find(ALL, ALL);
}

/** What a row sells of what the series sells that stands for it. */
function shareOf({ history, knows }: Outlook, series: number, store: number): number {
  return history.stores[series] === ALL && knows.has(store) ? NEW_SHARE : 1;
}

/** In USD; NaN where none of the weeks is known. */
function seasonalLevel(
  { history, seasonal, origin }: Outlook,
  series: number,
  sources: SourceWeek[],
): number {
  const kept = seasonal.length / history.stores.length;
  let sum = 0, shares = 0;
  for (const { day, share } of sources) {
    const back = (origin - day) / 7;
    if (back < 0 || back >= kept) continue;
    const level = seasonal[(series + 1) * kept - 1 - back]!;
    if (Number.isNaN(level)) continue;
    sum += share * level;
    shares += share;
  }
  return shares > 0 ? sum / shares : NaN;
}

/** In USD; NaN where it is not known. */
function salesAt({ history, origin }: Outlook, series: number, day: number): number {
  const { weeks, sales } = history;
  const back = (origin - day) / 7;
  return back < 0 || back >= weeks ? NaN : sales[(series + 1) * weeks - 1 - back]!;
}

function basisOf(
  outlook: Outlook,
  series: number,
  level: number,
  sources: SourceWeek[],
): number {
  const { stores, departments } = outlook.history;
  const basisIs = (basis: Basis) => BASES.indexOf(basis);
  if (stores[series] === ALL) {
    return basisIs(departments[series] === ALL ? "overall" : "department");
  }
  if (Number.isNaN(level)) return basisIs("recent");
  const isSold = sources.some(({ day }) => !Number.isNaN(salesAt(outlook, series, day)));
  return basisIs(isSold ? "seasonal" : "filled");
}

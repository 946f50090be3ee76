/**
 * THE FEATURE TABLE. Every feature is named here once; parquet columns, the tree matrix, checks and
 * messages are derived from these rows. Adding a feature is adding a row.
 *
 * @module
 */

/**
 * What happens to a missing value:
 * - `refuse`: a record without it is an error;
 * - `keep`: it stays missing (NaN), and each tree split has learned where to send it.
 */
export type MissingRule = "refuse" | "keep";

interface FeatureBase {
  /** As in the raw data and in a record. */
  name: string;
  /** The name in words, as a form or a chart has it. */
  label: string;
  /**
   * The raw table that it comes from; `calendar`: made of the week's date; `history`: made of past
   * sales that the model file carries.
   */
  source: "train" | "features" | "stores" | "calendar" | "history";
  /** Heading under which people find it. */
  group: "Where" | "When" | "Weather and economy" | "Promotions" | "Past sales";
  /**
   * Whether models learn from it. They do not from what nobody knows before the week is over, nor
   * from the year, which never comes again.
   */
  learned: boolean;
  /** A sentence for people. */
  description: string;
  missing: MissingRule;
}

/** A quantity; `min` and `max` are the range that input must keep to, ends included. */
export interface NumberFeature extends FeatureBase {
  kind: "number";
  unit: string;
  min: number;
  max: number;
  /** Whether only whole numbers make sense. */
  integer: boolean;
}

/**
 * One of a set without order. A category is a whole number `min`..`max` (its own code), or one of
 * `values` (whose index is the code).
 */
export type CategoryFeature =
  & FeatureBase
  & { kind: "category" }
  & ({ values: readonly string[] } | { min: number; max: number });

/** Yes or no: code 1 or 0. */
export interface FlagFeature extends FeatureBase {
  kind: "flag";
}

/** A row of the feature table. */
export type Feature = NumberFeature | CategoryFeature | FlagFeature;

const markdown = <Index extends 1 | 2 | 3 | 4 | 5>(index: Index) =>
  ({
    name: `MarkDown${index}` as `MarkDown${Index}`,
    label: `Markdown ${index}`,
    learned: false,
    kind: "number",
    source: "features",
    group: "Promotions",
    unit: "USD",
    min: -10_000,
    max: 1_000_000,
    integer: false,
    missing: "keep",
    description:
      `Promotional markdown no. ${index} running in the store; empty where none is known ` +
      "(always before November 2011). Small negative corrections occur.",
  }) as const;

/** The 17 features of a record, in their order. */
export const FEATURES = [
  {
    name: "Store",
    label: "Store",
    learned: true,
    kind: "category",
    source: "train",
    group: "Where",
    min: 1,
    max: 9999,
    missing: "refuse",
    description: "Number of the store.",
  },
  {
    name: "Dept",
    label: "Department",
    learned: true,
    kind: "category",
    source: "train",
    group: "Where",
    min: 1,
    max: 9999,
    missing: "refuse",
    description: "Number of the department.",
  },
  {
    name: "IsHoliday",
    label: "Holiday week",
    learned: true,
    kind: "flag",
    source: "train",
    group: "When",
    missing: "refuse",
    description: "Whether the week holds Super Bowl, Labor Day, Thanksgiving or Christmas.",
  },
  {
    name: "Temperature",
    label: "Temperature",
    learned: false,
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "°F",
    min: -100,
    max: 150,
    integer: false,
    missing: "keep",
    description: "Average temperature of the region in the week.",
  },
  {
    name: "Fuel_Price",
    label: "Fuel price",
    learned: false,
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "USD per gallon",
    min: 0,
    max: 100,
    integer: false,
    missing: "keep",
    description: "Cost of fuel in the region.",
  },
  markdown(1),
  markdown(2),
  markdown(3),
  markdown(4),
  markdown(5),
  {
    name: "CPI",
    label: "Consumer price index",
    learned: false,
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "index points",
    min: 0,
    max: 10_000,
    integer: false,
    missing: "keep",
    description: "Consumer price index of the region.",
  },
  {
    name: "Unemployment",
    label: "Unemployment",
    learned: false,
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "%",
    min: 0,
    max: 100,
    integer: false,
    missing: "keep",
    description: "Unemployment rate of the region.",
  },
  {
    name: "Type",
    label: "Store type",
    learned: true,
    kind: "category",
    source: "stores",
    group: "Where",
    values: ["A", "B", "C"],
    missing: "refuse",
    description: "Type of the store: A is the largest format, C the smallest.",
  },
  {
    name: "Size",
    label: "Floor area",
    learned: true,
    kind: "number",
    source: "stores",
    group: "Where",
    unit: "square feet",
    min: 1,
    max: 10_000_000,
    integer: true,
    missing: "refuse",
    description: "Floor area of the store.",
  },
  {
    name: "Year",
    label: "Year",
    learned: false,
    kind: "number",
    source: "calendar",
    group: "When",
    unit: "year",
    min: 1900,
    max: 2200,
    integer: true,
    missing: "refuse",
    description: "Calendar year of the week's Friday.",
  },
  {
    name: "Month",
    label: "Month",
    learned: true,
    kind: "number",
    source: "calendar",
    group: "When",
    unit: "month",
    min: 1,
    max: 12,
    integer: true,
    missing: "refuse",
    description: "Calendar month of the week's Friday.",
  },
  {
    name: "Week",
    label: "Week",
    learned: true,
    kind: "number",
    source: "calendar",
    group: "When",
    unit: "ISO week",
    min: 1,
    max: 53,
    integer: true,
    missing: "refuse",
    description: "ISO 8601 week of the week's Friday.",
  },
] as const satisfies readonly Feature[];

const daysFrom = <Holiday extends string>(holiday: Holiday, name: string) =>
  ({
    name: `Days_From_${holiday}` as `Days_From_${Holiday}`,
    label: `Days from ${name}`,
    learned: true,
    kind: "number",
    source: "calendar",
    group: "When",
    unit: "days",
    min: -197,
    max: 197,
    integer: true,
    missing: "refuse",
    description: `Days since the nearest ${name}; below 0 before it.`,
  }) as const;

const lag = <Weeks extends 51 | 52 | 53>(weeks: Weeks) =>
  ({
    ...ofHistory(
      `Lag_${weeks}` as `Lag_${Weeks}`,
      `Sales ${weeks} weeks earlier`,
      "times Series_Size",
    ),
    description:
      `Sales of the series ${weeks} weeks earlier, for weeks beyond the next year a season more; ` +
      "missing where it did not sell.",
  }) as const;

function ofHistory<Name extends string>(name: Name, label: string, unit: string) {
  return {
    name,
    label,
    learned: true,
    kind: "number",
    source: "history",
    group: "Past sales",
    unit,
    min: -Infinity,
    max: Infinity,
    integer: false,
    missing: "keep",
  } as const;
}

/**
 * Features made of a record's store, department and week and of what the model file carries, by the
 * same function in training and serving (`lib/history/derive.ts`).
 */
export const DERIVED_FEATURES = [
  daysFrom("Super_Bowl", "Super Bowl"),
  daysFrom("Easter", "Easter"),
  daysFrom("Labor_Day", "Labor Day"),
  daysFrom("Thanksgiving", "Thanksgiving"),
  daysFrom("Christmas", "Christmas"),
  {
    ...ofHistory("Horizon", "Weeks ahead", "weeks"),
    description: "Weeks from the last one known to the one forecast.",
  },
  lag(51),
  lag(52),
  lag(53),
  {
    ...ofHistory("Seasonal_Level", "Usual sales of the week", "times Series_Size"),
    description:
      "Usual sales of the weeks of last year that correspond to this one, aligned by holiday and " +
      "smoothed across the department's stores.",
  },
  {
    ...ofHistory("Series_Growth", "Growth of this department here", "natural logarithm"),
    description:
      "Growth of the series in the last quarter known, over the same weeks a year before.",
  },
  {
    ...ofHistory("Department_Growth", "Growth of the department", "natural logarithm"),
    description: "The same of the department in all stores.",
  },
  {
    ...ofHistory("Store_Growth", "Growth of the store", "natural logarithm"),
    description: "The same of the store in all departments.",
  },
  {
    ...ofHistory("Recent_Level", "Sales of the last weeks", "times Series_Size"),
    description: "Mean sales of the last eight weeks known.",
  },
  {
    ...ofHistory("Volatility", "Volatility", "times Series_Size"),
    description: "How far the last year's sales were from their usual level, on average.",
  },
  {
    ...ofHistory("Series_Size", "Usual size of sales", "USD a week"),
    description: "Mean of the last year's sales without their sign, at least 20.",
  },
] as const satisfies readonly Feature[];

/** What models learn from, in the order of the tree matrix. */
export const LEARNED_FEATURES = [
  ...FEATURES.filter(({ learned }) => learned),
  ...DERIVED_FEATURES,
] as readonly (Feature & { name: AnyFeatureName })[];

/** Name of a feature of a record. */
export type FeatureName = typeof FEATURES[number]["name"];

/** Name of a derived feature. */
export type DerivedFeatureName = typeof DERIVED_FEATURES[number]["name"];

/** Name of any feature. */
export type AnyFeatureName = FeatureName | DerivedFeatureName;

/** What is forecast: sales of one department of one store in one week, in USD. */
export const TARGET = "Weekly_Sales";

/** The encoded values of a feature for many rows: one number a row, NaN where missing. */
export type FeatureColumns = Record<FeatureName, Float64Array>;

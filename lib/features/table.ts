/**
 * THE FEATURE TABLE. Every feature is named here once; parquet columns, the tree matrix, checks and
 * messages are derived from these rows. Adding a feature is adding a row.
 *
 * @module
 */

/**
 * What happens to a missing value:
 * - `refuse`: a record without it is an error;
 * - `median`: it becomes the median of the training rows, which the model file carries;
 * - `keep`: it stays missing (NaN), and each tree split has learned where to send it.
 */
export type MissingRule = "refuse" | "median" | "keep";

interface FeatureBase {
  /** As in the raw data and in a record. */
  name: string;
  /** The raw table that it comes from; `calendar`: made of the week's date. */
  source: "train" | "features" | "stores" | "calendar";
  /** Heading under which people find it. */
  group: "Where" | "When" | "Weather and economy" | "Promotions";
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

/** The 17 features, in the order of the tree matrix and of a record. */
export const FEATURES = [
  {
    name: "Store",
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
    kind: "flag",
    source: "train",
    group: "When",
    missing: "refuse",
    description: "Whether the week holds Super Bowl, Labor Day, Thanksgiving or Christmas.",
  },
  {
    name: "Temperature",
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "°F",
    min: -100,
    max: 150,
    integer: false,
    missing: "median",
    description: "Average temperature of the region in the week.",
  },
  {
    name: "Fuel_Price",
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "USD per gallon",
    min: 0,
    max: 100,
    integer: false,
    missing: "median",
    description: "Cost of fuel in the region.",
  },
  markdown(1),
  markdown(2),
  markdown(3),
  markdown(4),
  markdown(5),
  {
    name: "CPI",
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "index points",
    min: 0,
    max: 10_000,
    integer: false,
    missing: "median",
    description: "Consumer price index of the region.",
  },
  {
    name: "Unemployment",
    kind: "number",
    source: "features",
    group: "Weather and economy",
    unit: "%",
    min: 0,
    max: 100,
    integer: false,
    missing: "median",
    description: "Unemployment rate of the region.",
  },
  {
    name: "Type",
    kind: "category",
    source: "stores",
    group: "Where",
    values: ["A", "B", "C"],
    missing: "refuse",
    description: "Type of the store: A is the largest format, C the smallest.",
  },
  {
    name: "Size",
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

/** Name of a feature. */
export type FeatureName = typeof FEATURES[number]["name"];

/** What is forecast: sales of one department of one store in one week, in USD. */
export const TARGET = "Weekly_Sales";

/** The encoded values of a feature for many rows: one number a row, NaN where missing. */
export type FeatureColumns = Record<FeatureName, Float64Array>;

import { CANDIDATES } from "../candidates.ts";
import { parseDay } from "../features/calendar.ts";
import { DERIVED_FEATURES, FEATURES } from "../features/table.ts";
import { LEVELS } from "../intervals/conformal.ts";
import { type Document, FORMAT, STORE_TYPES, VERSION } from "./document.ts";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";

const matching = (pattern: RegExp): Check => (value) =>
  typeof value === "string" && pattern.test(value);

const oneOf = (values: readonly unknown[]): Check => (value) => values.includes(value);

const number: Check = (value) => Number.isFinite(value);

const numberFrom = (min: number, max: number): Check => (value) =>
  typeof value === "number" && value >= min && value <= max;

/** Above 0, and at most 1 or below it. */
const share: Check = (value) => typeof value === "number" && value > 0 && value <= 1;
const properShare: Check = (value) => share(value) && value !== 1;

const wholeFrom = (min: number, max = Number.MAX_SAFE_INTEGER): Check => (value) =>
  Number.isSafeInteger(value) && numberFrom(min, max)(value);

const nullOr = (check: Check): Check => (value) => value === null || check(value);

const date: Check = (value) => typeof value === "string" && parseDay(value) !== undefined;

const listOf = (check: Check, length?: number): Check => (value) =>
  Array.isArray(value) && value.every(check) && value.length === (length ?? value.length);

/** An object of these fields in this order, of which some may be missing. */
const object = (fields: Record<string, Check>, optional: readonly string[] = []): Check => {
  const expected = Object.entries(fields);
  return (value) => {
    if (!isObject(value)) return false;
    const found = Object.keys(value);
    let at = 0;
    for (const [name, check] of expected) {
      if (found[at] !== name && optional.includes(name)) continue;
      if (found[at++] !== name || !check(value[name])) return false;
    }
    return at === found.length;
  };
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const count = wholeFrom(0), some = wholeFrom(1), seed = wholeFrom(0, 2 ** 32 - 1);
const hash = matching(/^[0-9a-f]{64}$/);
const names = [...FEATURES, ...DERIVED_FEATURES].map(({ name }) => name as string);

const metrics = object({
  rmse: number,
  mae: number,
  wmae: number,
  r2: number,
  bias: number,
  n: count,
});

const tree = {
  n_estimators: wholeFrom(1, 10_000),
  max_depth: nullOr(some),
  max_leaf_nodes: nullOr(wholeFrom(2)),
  min_samples_leaf: some,
  max_features: share,
  max_bins: wholeFrom(2, 255),
  random_state: seed,
};

const split: Check = (value) =>
  object({ strategy: oneOf(["time"]), validation_weeks: some })(value) ||
  object({ strategy: oneOf(["random"]), validation_fraction: properShare, seed })(value);

const training = object({
  data: object({ train: hash, validation: hash }),
  fitted_on: oneOf(["train", "all"]),
  rows: count,
  weeks: object({ first: date, last: date, count }),
  split,
  parameters: object({
    seasonal: object({ rank: wholeFrom(1, 1000) }),
    folds: object({
      count: wholeFrom(1, 20),
      step_weeks: wholeFrom(1, 52),
      horizon_weeks: wholeFrom(1, 52),
    }),
    rf: object({ ...tree, bootstrap: oneOf([true, false]), max_samples: share }),
    gbr: object({
      ...tree,
      loss: oneOf(["squared_error", "absolute_error", "huber", "quantile"]),
      alpha: properShare,
      learning_rate: share,
      subsample: share,
    }),
    shares: object({ rf: number, gbr: number }),
  }, ["rf", "gbr", "shares"]),
  metrics: object({ train: metrics, folds: metrics, validation: metrics }, ["train", "folds"]),
  importance: (value) =>
    isObject(value) &&
    Object.entries(value).every(([name, part]) => names.includes(name) && number(part)),
});

const intervals: Check = (value) => {
  if (!isObject(value)) return false;
  const { horizons, scales } = value;
  if (!Array.isArray(horizons) || !Array.isArray(scales)) return false;
  const widths = listOf(numberFrom(0, Number.MAX_VALUE), scales.length + 1);
  return object({
    horizons: listOf(number),
    scales: listOf(number),
    widths: listOf(listOf(widths, horizons.length + 1), LEVELS.length),
  })(value);
};

const leafStep: Check = (value) =>
  typeof value === "number" && numberFrom(2 ** -120, 2 ** 96)(value) &&
  2 ** Math.round(Math.log2(value)) === value;

const features = listOf(object({
  name: oneOf(names),
  kind: oneOf(["number", "category"]),
  values: text,
  threshold: text,
  missing_left: text,
  sets: text,
}));

const document = object({
  format: oneOf([FORMAT]),
  version: oneOf([VERSION]),
  name: oneOf(CANDIDATES),
  features: (value) =>
    features(value) &&
    new Set((value as Document["features"]).map(({ name }) => name)).size ===
      (value as unknown[]).length,
  ensemble: object({
    combine: oneOf(["sum", "mean"]),
    base: number,
    trees: some,
    leaf_step: leafStep,
    feature: text,
    value: text,
    cover: text,
  }),
  outlook: object({
    first_week: date,
    weeks: some,
    seasonal_weeks: some,
    series: some,
    stores: text,
    departments: text,
    known: text,
    sales: text,
    seasonal: text,
  }),
  stores: listOf(object({ store: some, type: oneOf(STORE_TYPES), size: number })),
  intervals,
  training,
  checksum: matching(/^sha256:[0-9a-f]{64}$/),
});

/**
 * Whether parsed JSON is a document as `encodeModel()` writes it: one that `documentSchema` takes as
 * it is. Where this says no, the schema may still say yes, and says what is wrong: it is the
 * definition. To make and run it takes a tenth of the time in which the API starts, 13 of 131 ms.
 */
export function isWritten(value: unknown): value is Document {
  return document(value);
}

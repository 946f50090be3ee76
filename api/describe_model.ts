import { formatDay, isoWeek, monthOf, yearOf } from "../lib/features/calendar.ts";
import { isHolidayWeek } from "../lib/features/holiday_weeks.ts";
import { type FeatureName, FEATURES } from "../lib/features/table.ts";
import type { Model } from "../lib/model/model.ts";
import type { ServedModel } from "./load_model.ts";
import { PERCENTS } from "./predict_request.ts";

/** Names of the types of stores, by code. */
export const STORE_TYPES = FEATURES.find((feature) => feature.name === "Type")!.values;

/** What `GET /models` says of a model. */
export function describeModel(served: ServedModel, isDefault: boolean) {
  const { name, version, bytes, model, card, registry } = served;
  const { metrics, importance, ...training } = model.training;
  const { slices: _slices, ...baseline } = card?.baseline ?? {};
  return {
    name,
    version,
    algorithm: model.name,
    is_default: isDefault,
    size_bytes: bytes,
    origin: formatDay(model.outlook.origin),
    metrics,
    baseline: card ? baseline : null,
    training,
    importance,
    intervals: PERCENTS,
    registry: registry ?? null,
    features: FEATURES.map(({ source: _, missing, ...feature }) => ({
      ...feature,
      required: missing === "refuse",
      nullable: missing === "keep",
    })),
    example: exampleRecord(model),
  };
}

/**
 * A record to start from: the first department of the first store, in the week after the last that
 * the model knows.
 */
export function exampleRecord(
  { outlook, stores }: Pick<Model, "outlook" | "stores">,
): Record<FeatureName, number | string | boolean | null> {
  const { history, origin } = outlook;
  const day = origin + 7;
  const store = history.stores[0]!;
  const facts = stores.get(store);
  const known: Partial<Record<FeatureName, number | string | boolean>> = {
    Store: store,
    Dept: history.departments[0]!,
    IsHoliday: isHolidayWeek(day),
    Type: STORE_TYPES[facts?.type ?? 0]!,
    Size: facts?.size ?? 100_000,
    Year: yearOf(day),
    Month: monthOf(day),
    Week: isoWeek(day),
  };
  return Object.fromEntries(FEATURES.map(({ name }) => [name, known[name] ?? null])) as Record<
    FeatureName,
    number | string | boolean | null
  >;
}

import {
  type AnyFeatureName,
  type DerivedFeatureName,
  type FeatureColumns,
  LEARNED_FEATURES,
} from "../features/table.ts";

/** Columns of all features that models learn from, in their order. */
export function learnedColumns(
  record: FeatureColumns,
  derived: Record<DerivedFeatureName, Float64Array>,
): Float64Array[] {
  return columnsOf(LEARNED_FEATURES.map(({ name }) => name), record, derived);
}

/** Columns of these features, in this order. */
export function columnsOf(
  features: AnyFeatureName[],
  record: FeatureColumns,
  derived: Record<DerivedFeatureName, Float64Array>,
): Float64Array[] {
  const all: Record<AnyFeatureName, Float64Array> = { ...record, ...derived };
  return features.map((name) => all[name]);
}

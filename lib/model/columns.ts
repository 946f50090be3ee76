import { type FeatureColumns, FEATURES } from "../features/table.ts";
import type { Feature } from "../features/table.ts";
import type { TrainingData } from "../trees/mod.ts";
import type { ModelFeature } from "./model.ts";

/**
 * How each feature's missing values are treated, learned from training rows: see
 * {@linkcode MissingRule}.
 */
export function fitFeatures(columns: FeatureColumns): ModelFeature[] {
  return FEATURES.map(({ name, missing }) => ({
    name,
    fill: missing === "median" ? median(columns[name]) : null,
  }));
}

/** Middle of the values that are not NaN; `null` where there are none. */
function median(values: Float64Array): number | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const half = sorted.length >>> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Columns as the ensemble takes them: in order, missing values filled by the model's rule. */
export function ensembleColumns(
  features: ModelFeature[],
  columns: FeatureColumns,
): Float64Array[] {
  return features.map(({ name, fill }) => {
    const column = columns[name];
    if (fill === null || !column.some(Number.isNaN)) return column;
    return column.map((value) => Number.isNaN(value) ? fill : value);
  });
}

/** The training rows as `lib/trees` takes them. */
export function trainingData(
  features: ModelFeature[],
  columns: FeatureColumns,
  targets: Float64Array,
): TrainingData {
  const kindOf = (feature: Feature) => feature.kind === "category" ? "category" : "number";
  return { kinds: FEATURES.map(kindOf), columns: ensembleColumns(features, columns), targets };
}

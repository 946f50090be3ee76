import type { SalesTable } from "../dataset/sales_table.ts";
import type { Model } from "../model/model.ts";
import { BASELINE } from "./baseline.ts";
import { foldMetrics, type FoldModel, type Folds } from "./folds.ts";
import {
  type ForecastMetrics,
  type Metrics,
  type MetricsAll,
  regressionMetrics,
  roundMetrics,
  skillOf,
  type SplitStrategy,
} from "./metrics.ts";

/** What {@linkcode measureAll} measures, and on what. */
export interface MeasuredModels {
  models: readonly Pick<Model, "name" | "training">[];
  /** Predictions of the validation rows in USD, by model and of the baseline. */
  predictions: Readonly<Record<string, Float64Array>>;
  validation: Pick<SalesTable, "sales" | "features">;
  folds: Folds;
  split: SplitStrategy;
}

/**
 * Metrics of each model and of the baseline on training, folds and validation; those on training are
 * the models' own figures.
 */
export function measureAll(
  { models, predictions, validation: { sales, features }, folds, split }: MeasuredModels,
): MetricsAll {
  const onFolds = folds.length > 0 ? foldMetrics(folds) : undefined;
  const val = (name: string) => regressionMetrics(sales, predictions[name]!, features.IsHoliday);
  const label = (metrics: Metrics, baseline: Metrics): ForecastMetrics => ({
    ...roundMetrics(metrics),
    skill: skillOf(metrics, baseline),
    split,
  });
  const naive = val(BASELINE);
  return Object.fromEntries(
    [...models.map(({ name }) => name), BASELINE].map((name): [string, MetricsAll[string]] => {
      const train = models.find((model) => model.name === name)?.training.metrics.train;
      return [name, {
        ...train && { train: { ...roundMetrics(train), split } },
        ...onFolds && { folds: label(onFolds[name as FoldModel], onFolds[BASELINE]) },
        val: label(val(name), naive),
      }];
    }),
  );
}

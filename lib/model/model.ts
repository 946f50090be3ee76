import type { FeatureName } from "../features/table.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import type { AppliedSplit, Params } from "../params_schema.ts";
import type { Ensemble, Learner } from "../trees/mod.ts";

/** A model that can be served: everything from a record's fields to a forecast. */
export interface Model {
  /** Its name among the candidates, for example "rf". */
  name: string;
  algorithm: Learner["algorithm"];
  /** Features in the order of the ensemble's. */
  features: ModelFeature[];
  ensemble: Ensemble;
  training: TrainingFacts;
}

/** A feature as this model uses it. */
export interface ModelFeature {
  name: FeatureName;
  /** What stands in for a missing value; `null` where the trees take it as missing. */
  fill: number | null;
}

/** Where a model comes from. Nothing here depends on when or where it was trained. */
export interface TrainingFacts {
  /** SHA-256 of the Parquet files that it learned from and was validated on. */
  data: { train: string; validation: string };
  rows: number;
  /** Weeks it learned from; dates as YYYY-MM-DD. */
  weeks: { first: string; last: string; count: number };
  split: AppliedSplit;
  parameters: Params["rf"] | Params["gbr"];
  /** Figures of this model on the rows it learned from and on those held back. */
  metrics: { train: Metrics; validation: Metrics };
  /** Share of each feature in the gain of all splits; sums to 1, or all 0 without any split. */
  importance: Partial<Record<FeatureName, number>>;
}

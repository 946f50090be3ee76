import type { AnyFeatureName } from "../features/table.ts";
import type { CandidateName, Shares } from "../candidates.ts";
import type { Metrics } from "../evaluation/metrics.ts";
import type { Outlook } from "../history/outlook.ts";
import type { Calibration } from "../intervals/conformal.ts";
import type { AppliedSplit, Params } from "../params_schema.ts";
import type { Ensemble } from "../trees/ensemble.ts";
import type { StoreFacts } from "./store_facts.ts";

/**
 * A model that can be served: everything from a record's fields to a forecast, which is
 * `seasonal + size * ensemble`: the seasonal forecast of the outlook, corrected by trees in units of
 * the series' size.
 */
export interface Model {
  /** Its name among the candidates. */
  name: CandidateName;
  /** Features in the order of the ensemble's; none for the seasonal forecast itself. */
  features: AnyFeatureName[];
  ensemble: Ensemble;
  /** What it knows of the past. */
  outlook: Outlook;
  /** Type and size of the stores of the rows that it learned from, by number. */
  stores: ReadonlyMap<number, StoreFacts>;
  /** How wide prediction intervals are. */
  intervals: Calibration;
  training: TrainingFacts;
}

/** Where a model comes from. Nothing here depends on when or where it was trained. */
export interface TrainingFacts {
  /** SHA-256 of the Parquet files of the training and the validation rows. */
  data: { train: string; validation: string };
  /** Which of them it learned from: `train` where it was then validated, `all` where it is served. */
  fitted_on: "train" | "all";
  /** How many sales it learned from. */
  rows: number;
  /** Their weeks; dates as YYYY-MM-DD. */
  weeks: { first: string; last: string; count: number };
  split: AppliedSplit;
  parameters: ModelParameters;
  /** Figures of the model that was validated: for one fitted on `all`, its twin fitted on `train`. */
  metrics: {
    /** On the rows its trees learned from; none where the history was too short for any. */
    train?: Metrics;
    /** Over the rows of all folds. */
    folds?: Metrics;
    /** On the rows held back. */
    validation: Metrics;
  };
  /** Share of each feature in the gain of all splits; sums to 1, or all 0 without any split. */
  importance: Partial<Record<AnyFeatureName, number>>;
}

/** What made a model, from params.yaml; the shares of a blend were found on the folds. */
export interface ModelParameters {
  seasonal: Params["seasonal"];
  folds: Params["folds"];
  rf?: Params["rf"];
  gbr?: Params["gbr"];
  shares?: Shares;
}

import type { Profile } from "../dataset/profile.ts";
import type { IntervalReport } from "../evaluation/interval_report.ts";
import type { MetricsAll } from "../evaluation/metrics.ts";
import type { Choice, SelectMetric } from "../evaluation/select.ts";
import type { SliceMetrics } from "../evaluation/slices.ts";

/** What metrics/val_metrics_NAME.json holds of a model, or of the baseline, by parts of the rows. */
export interface ModelFigures {
  /** On validation. */
  slices: SliceMetrics;
  /** How prediction intervals turned out on validation, in all and by the same slices. */
  intervals?: IntervalReport;
}

/** What a report tells. */
export interface ReportInput {
  choice: Choice;
  /** What it was chosen by. */
  metric: SelectMetric;
  /** The validation rows in words, such as `last 39 weeks`. */
  splitLabel: string;
  /** By model, the baseline last. */
  metricsAll: MetricsAll;
  /** By the same names in the same order. */
  figures: Readonly<Record<string, ModelFigures>>;
  profile: Profile;
  /** SHA-256 by file that the models learned from, or were validated on. */
  hashes: Readonly<Record<string, string>>;
  /** Values by name, by section of params.yaml. */
  parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** SVG text by file name, such as `total_by_week.svg`. */
  pictures: Readonly<Record<string, string>>;
}

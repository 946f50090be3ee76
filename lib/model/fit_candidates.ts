import { type CandidateName, CANDIDATES, type Shares } from "../candidates.ts";
import type { SalesTable } from "../dataset/sales_table.ts";
import { type Metrics, regressionMetrics, roundMetrics } from "../evaluation/metrics.ts";
import { outlookOf } from "../history/compact_outlook.ts";
import type { Outlook } from "../history/outlook.ts";
import { historyOf } from "../history/sales_history.ts";
import type { Params } from "../params_schema.ts";
import {
  blendCorrections,
  type Correction,
  fittedValues,
  fitTrees,
  NO_CORRECTION,
} from "./fit_trees.ts";
import { type StoreFacts, storeFactsOf } from "./store_facts.ts";
import { trainingRows } from "./training_rows.ts";

/** All candidates, fitted on the same sales. */
export interface FittedCandidates {
  /** How many sales. */
  rows: number;
  outlook: Outlook;
  stores: ReadonlyMap<number, StoreFacts>;
  corrections: Record<CandidateName, Correction>;
  /** On the rows that trees learned from; none where there were none. */
  metrics: Partial<Record<CandidateName, Metrics>>;
}

/**
 * Fits all candidates on a table of sales.
 *
 * @param shares Of the blend.
 * @param onTree Called after each tree.
 */
export async function fitCandidates(
  table: SalesTable,
  params: Params,
  shares: Shares,
  onTree: () => void = () => {},
): Promise<FittedCandidates> {
  const { seasonal: { rank }, folds: { horizon_weeks } } = params;
  const rows = trainingRows(table, rank, horizon_weeks);
  const trees = await fitTrees(rows, params, onTree);
  const corrections: FittedCandidates["corrections"] = {
    seasonal: NO_CORRECTION,
    ...trees,
    blend: blendCorrections(trees, shares),
  };
  const metrics: FittedCandidates["metrics"] = {};
  if (rows.targets.length > 0) {
    for (const name of CANDIDATES) {
      const values = fittedValues(corrections[name], rows);
      metrics[name] = roundMetrics(regressionMetrics(rows.sales, values, rows.isHoliday));
    }
  }
  return {
    rows: table.length,
    outlook: outlookOf(historyOf(table), rank),
    stores: storeFactsOf(table.features),
    corrections,
    metrics,
  };
}

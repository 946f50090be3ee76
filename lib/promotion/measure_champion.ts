import { type CandidateName } from "../candidates.ts";
import type { SalesTable } from "../dataset/sales_table.ts";
import { regressionMetrics, roundMetrics } from "../evaluation/metrics.ts";
import type { SelectMetric } from "../evaluation/select.ts";
import { formatDay } from "../features/calendar.ts";
import { outlookOf } from "../history/compact_outlook.ts";
import { historyOf, originOf } from "../history/sales_history.ts";
import { blendCorrections, type Correction, fitTrees, NO_CORRECTION } from "../model/fit_trees.ts";
import type { Model, ModelParameters, TrainingFacts } from "../model/model.ts";
import { type Forecaster, predict } from "../model/predict.ts";
import { trainingRows } from "../model/training_rows.ts";
import type { Params } from "../params_schema.ts";
import type { ChampionFigure } from "./decide.ts";

/** The rows of the new version's validation, and those before. */
export interface SplitTables {
  train: SalesTable;
  validation: SalesTable;
}

/** A champion, and the new version that would take its place. */
export interface Rivals {
  champion: Model;
  /** Of the new version. */
  training: TrainingFacts;
  metric: SelectMetric;
}

/**
 * Measures a champion on the rows that a new version was validated on, so that neither is at an
 * advantage:
 * - `measured`: both were validated on the same rows with the same rows to learn from;
 * - `forecast`: the champion knows none of these weeks, and forecasts them as it is;
 * - `refitted`: it has learned from some of them. Its parameters are fitted anew on the rows before
 *   them, as the new version's were.
 *
 * @param readTables Reads the tables, where they are needed.
 * @param params For learners whose parameters the champion does not have, which are not used.
 */
export async function measureChampion(
  { champion, training, metric }: Rivals,
  readTables: () => Promise<SplitTables>,
  params: Params,
): Promise<ChampionFigure> {
  const own = champion.training;
  const sameParameters = isEqual(chosen(own.parameters), chosen(training.parameters));
  if (isEqual(own.data, training.data)) {
    return { value: own.metrics.validation[metric], comparison: "measured", sameParameters };
  }
  if (isEqual(own.parameters, training.parameters)) {
    // Refitted, it is the new version's validated twin.
    return { value: training.metrics.validation[metric], comparison: "refitted", sameParameters };
  }
  const { train, validation } = await readTables();
  const origin = formatDay(originOf(historyOf(train)));
  const knowsNone = own.fitted_on === "all" && own.weeks.last <= origin;
  const forecaster = knowsNone
    ? champion
    : await refit(champion.name, own.parameters, train, params);
  const metrics = roundMetrics(
    regressionMetrics(
      validation.sales,
      predict(forecaster, validation.features),
      validation.features.IsHoliday,
    ),
  );
  return {
    value: metrics[metric],
    comparison: knowsNone ? "forecast" : "refitted",
    sameParameters,
  };
}

/** A candidate fitted with other parameters than those of params.yaml. */
async function refit(
  name: CandidateName,
  parameters: ModelParameters,
  train: SalesTable,
  params: Params,
): Promise<Forecaster> {
  const { seasonal: { rank }, folds: { horizon_weeks }, shares } = parameters;
  const outlook = outlookOf(historyOf(train), rank);
  let correction: Correction = NO_CORRECTION;
  if (name !== "seasonal") {
    const rows = trainingRows(train, rank, horizon_weeks);
    const trees = await fitTrees(rows, {
      rf: parameters.rf ?? { ...params.rf, n_estimators: 1 },
      gbr: parameters.gbr ?? { ...params.gbr, n_estimators: 1 },
    });
    correction = name === "blend" ? blendCorrections(trees, shares!) : trees[name];
  }
  return { outlook, features: correction.features, ensemble: correction.ensemble };
}

/** What people have chosen; a blend's shares were found on the folds. */
function chosen({ shares: _, ...parameters }: ModelParameters): object {
  return parameters;
}

function isEqual(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

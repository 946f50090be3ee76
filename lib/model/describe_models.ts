import { type CandidateName, CANDIDATES } from "../candidates.ts";
import { joinColumns } from "../columns.ts";
import type { Profile } from "../dataset/profile.ts";
import type { SalesTable } from "../dataset/sales_table.ts";
import { foldMetrics, foldResiduals } from "../evaluation/folds.ts";
import type { MadeFolds } from "../evaluation/make_folds.ts";
import { type Metrics, regressionMetrics, roundMetrics } from "../evaluation/metrics.ts";
import { calibrate, type PastResiduals } from "../intervals/conformal.ts";
import type { Params } from "../params_schema.ts";
import type { FittedCandidates } from "./fit_candidates.ts";
import type { Model, TrainingFacts } from "./model.ts";
import { modelParameters } from "./model_parameters.ts";
import { forecast, type Forecasts } from "./predict.ts";

/** What the models' files are made of. */
export interface TrainingOutcome {
  params: Params;
  profile: Pick<Profile, "split" | "weeks">;
  /** SHA-256 of the Parquet files. */
  data: TrainingFacts["data"];
  made: MadeFolds;
  /** Fitted on the training rows, and on all. */
  validated: FittedCandidates;
  served: FittedCandidates;
  /** The rows held back. */
  held: SalesTable;
}

/** A model for each candidate. */
export type ModelsByName = Record<CandidateName, Model>;

/**
 * The models that were validated, and those to serve, which report the same figures. Intervals of the
 * former come from the folds alone, of the latter from validation too.
 */
export function describeModels(
  outcome: TrainingOutcome,
): { validated: ModelsByName; served: ModelsByName } {
  const models = { validated: {} as ModelsByName, served: {} as ModelsByName };
  const { folds } = outcome.made;
  const onFolds = folds.length > 0 ? foldMetrics(folds) : undefined;
  for (const name of CANDIDATES) {
    const { validated, served } = describeCandidate(outcome, name, onFolds?.[name]);
    models.validated[name] = validated;
    models.served[name] = served;
  }
  return models;
}

function describeCandidate(
  outcome: TrainingOutcome,
  name: CandidateName,
  foldFigures: Metrics | undefined,
) {
  const { params, profile: { split, weeks }, data, made, validated, served, held } = outcome;
  const { features, ensemble } = validated.corrections[name];
  const forecasts = forecast({ features, ensemble, outlook: validated.outlook }, held.features);
  const facts = {
    data,
    split,
    parameters: modelParameters(name, params, made.shares),
    metrics: measure(outcome, name, forecasts, foldFigures),
  };
  const onFolds = foldResiduals(made.folds, name);
  const onValidation = validationResiduals(outcome, forecasts);
  const hasFolds = onFolds.residuals.length > 0;
  const describe = (
    { rows, outlook, stores, corrections }: FittedCandidates,
    residuals: PastResiduals,
    fittedOn: Pick<TrainingFacts, "fitted_on" | "weeks">,
  ): Model => ({
    name,
    features: corrections[name].features,
    ensemble: corrections[name].ensemble,
    outlook,
    stores,
    intervals: calibrate(residuals),
    training: { ...facts, ...fittedOn, rows, importance: corrections[name].importance },
  });
  return {
    // Without folds there is nothing else to go by.
    validated: describe(validated, hasFolds ? onFolds : onValidation, {
      fitted_on: "train",
      weeks: weeks.train,
    }),
    served: describe(
      served,
      // Random validation rows lie in weeks that the model knows: intervals are for those to come.
      split.strategy === "random" && hasFolds ? onFolds : joinResiduals(onFolds, onValidation),
      { fitted_on: "all", weeks: weeks.all },
    ),
  };
}

function measure(
  { validated, held }: TrainingOutcome,
  name: CandidateName,
  { predictions }: Forecasts,
  folds: Metrics | undefined,
): TrainingFacts["metrics"] {
  const train = validated.metrics[name];
  return {
    ...train && { train },
    ...folds && { folds: roundMetrics(folds) },
    validation: roundMetrics(regressionMetrics(held.sales, predictions, held.features.IsHoliday)),
  };
}

function validationResiduals(
  { validated, held }: TrainingOutcome,
  { predictions, horizons, scale }: Forecasts,
): PastResiduals {
  return {
    residuals: held.sales.map((actual, row) => actual - predictions[row]!),
    horizons,
    scales: scale,
    origins: new Float64Array(held.length).fill(validated.outlook.origin),
  };
}

function joinResiduals(a: PastResiduals, b: PastResiduals): PastResiduals {
  const join = (pick: (residuals: PastResiduals) => ArrayLike<number>) =>
    joinColumns([pick(a), pick(b)]);
  return {
    residuals: join(({ residuals }) => residuals),
    horizons: join(({ horizons }) => horizons),
    scales: join(({ scales }) => scales),
    origins: join(({ origins }) => origins),
  };
}

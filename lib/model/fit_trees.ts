import { type Shares, type TreeLearnerName, treeLearners } from "../candidates.ts";
import { type AnyFeatureName, LEARNED_FEATURES } from "../features/table.ts";
import type { Params } from "../params_schema.ts";
import {
  combineEnsembles,
  type Ensemble,
  fitInWorkers,
  LEAF,
  predictEnsemble,
} from "../trees/mod.ts";
import type { TrainingRows } from "./training_rows.ts";

/** What corrects the seasonal forecast, see {@linkcode Model}. */
export interface Correction {
  /** Names of the ensemble's features; none where nothing is corrected. */
  features: AnyFeatureName[];
  ensemble: Ensemble;
  importance: Partial<Record<AnyFeatureName, number>>;
}

/** Corrections by the learners of params.yaml. */
export type TreeCorrections = Record<TreeLearnerName, Correction>;

/** With fewer rows than this, trees would learn chance. */
const LEAST_ROWS = 200;

/** No correction: one leaf, of 0. */
export const NO_CORRECTION: Correction = {
  features: [],
  ensemble: {
    combine: "sum",
    base: 0,
    leafStep: 1,
    features: [],
    roots: Uint32Array.of(0, 1),
    nodes: {
      feature: Uint8Array.of(LEAF),
      split: new Uint32Array(1),
      right: new Uint32Array(1),
      value: new Float32Array(1),
      cover: Uint32Array.of(1),
      sets: new Uint8Array(0),
    },
  },
  importance: {},
};

/**
 * Trains both learners, on all cores.
 *
 * @param onTree Called after each tree.
 */
export async function fitTrees(
  rows: TrainingRows,
  params: Pick<Params, "rf" | "gbr">,
  onTree: () => void = () => {},
): Promise<TreeCorrections> {
  const learners = treeLearners(params);
  if (rows.targets.length < LEAST_ROWS) {
    for (const { parameters } of Object.values(learners)) {
      for (let tree = 0; tree < parameters.n_estimators; tree++) onTree();
    }
    return { rf: NO_CORRECTION, gbr: NO_CORRECTION };
  }
  const { kinds, columns, targets, weights } = rows;
  const fitted = await fitInWorkers(
    { kinds, columns, targets, weights },
    Object.values(learners),
    { onTree },
  );
  const [rf, gbr] = fitted.map(({ ensemble, importance }): Correction => ({
    features: LEARNED_FEATURES.map(({ name }) => name),
    ensemble,
    importance: Object.fromEntries(LEARNED_FEATURES.map(({ name }, i) => [name, importance[i]!])),
  })) as [Correction, Correction];
  return { rf, gbr };
}

/** The correction that is `shares` of both. */
export function blendCorrections(corrections: TreeCorrections, shares: Shares): Correction {
  const used = (["rf", "gbr"] as const).filter((name) =>
    shares[name] > 0 && corrections[name].features.length > 0
  );
  if (used.length === 0) return NO_CORRECTION;
  const total = used.reduce((sum, name) => sum + shares[name], 0);
  const features = corrections[used[0]!].features;
  return {
    features,
    ensemble: combineEnsembles(
      used.map((name) => ({ ensemble: corrections[name].ensemble, weight: shares[name] })),
    ),
    importance: Object.fromEntries(features.map((feature) => [
      feature,
      used.reduce(
        (sum, name) => sum + shares[name] / total * corrections[name].importance[feature]!,
        0,
      ),
    ])),
  };
}

/** Forecasts of the rows that trees learned from, in USD. */
export function fittedValues({ features, ensemble }: Correction, rows: TrainingRows): Float64Array {
  if (features.length === 0) return rows.seasonal.slice();
  const { seasonal, size } = rows;
  return predictEnsemble(ensemble, rows.columns).map((value, row) =>
    seasonal[row]! + size[row]! * value
  );
}

import type { CandidateName, Shares } from "../candidates.ts";
import type { Params } from "../params_schema.ts";
import type { ModelParameters } from "./model.ts";

/**
 * What of params.yaml makes a candidate, as its file holds it.
 *
 * @param shares Of a blend; found on the folds.
 */
export function modelParameters(
  name: CandidateName,
  { seasonal, folds, rf, gbr }: Params,
  shares: Shares,
): ModelParameters {
  switch (name) {
    case "seasonal":
      return { seasonal, folds };
    case "rf":
      return { seasonal, folds, rf };
    case "gbr":
      return { seasonal, folds, gbr };
    case "blend":
      return { seasonal, folds, rf, gbr, shares };
  }
}

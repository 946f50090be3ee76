import type { Suite } from "./suite.ts";
import { api } from "./suites/api.ts";
import { boosting } from "./suites/boosting.ts";
import { boostingSklearn } from "./suites/boosting_sklearn.ts";
import { forest, forestOfMore } from "./suites/forest.ts";
import { growth } from "./suites/growth.ts";
import { mlRandomForest } from "./suites/ml_random_forest.ts";
import { model } from "./suites/model.ts";
import { prediction } from "./suites/prediction.ts";

/** All suites by name, in the order in which they run and stand in RESULTS.md. */
export const SUITES: ReadonlyMap<string, Suite> = new Map([
  ["boosting", boosting],
  ["boosting-sklearn", boostingSklearn],
  ["forest", forest],
  ["forest-of-more", forestOfMore],
  ["ml-random-forest", mlRandomForest],
  ["growth", growth],
  ["prediction", prediction],
  ["model", model],
  ["api", api],
]);

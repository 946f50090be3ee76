import type { Params } from "./params_schema.ts";

/** A learner with all of its parameters, as params.yaml has them. */
export type Candidate =
  | { algorithm: "random_forest"; parameters: Params["rf"] }
  | { algorithm: "gradient_boosting"; parameters: Params["gbr"] };

/**
 * The models that are trained, measured and logged, in the order in which they are listed
 * everywhere. The name is that of the file, `models/NAME.json`.
 * - `seasonal`: last year's corresponding weeks, smoothed, times recent growth; no trees;
 * - `rf`, `gbr`: trees that correct it;
 * - `blend`: a mixture of these, with the shares that forecast best on the folds.
 */
export const CANDIDATES = ["seasonal", "rf", "gbr", "blend"] as const;

/** One of {@linkcode CANDIDATES}. */
export type CandidateName = typeof CANDIDATES[number];

/**
 * The candidates that learn trees, with what each learns by.
 *
 * @example
 * ```ts
 * import { treeLearners } from "./candidates.ts";
 * import { readParams } from "./params.ts";
 * console.log(Object.keys(treeLearners(await readParams()))); // [ "rf", "gbr" ]
 * ```
 */
export function treeLearners(
  params: Pick<Params, "rf" | "gbr">,
): { rf: Candidate; gbr: Candidate } {
  return {
    rf: { algorithm: "random_forest", parameters: params.rf },
    gbr: { algorithm: "gradient_boosting", parameters: params.gbr },
  };
}

/** A learner that {@linkcode treeLearners} names. */
export type TreeLearnerName = keyof ReturnType<typeof treeLearners>;

/** How much of each learner's correction a blend takes; what is left of 1 is the seasonal forecast's. */
export type Shares = Record<TreeLearnerName, number>;

import type { Params } from "./params_schema.ts";

/** A learner with all of its parameters, as params.yaml has them. */
export type Candidate =
  | { algorithm: "random_forest"; parameters: Params["rf"] }
  | { algorithm: "gradient_boosting"; parameters: Params["gbr"] };

/**
 * The models that are trained, measured and logged: by name, in the order in which they are listed
 * everywhere, with what each learns by. The name is that of the file, `models/NAME.json`.
 *
 * @example
 * ```ts
 * import { candidates } from "./candidates.ts";
 * import { readParams } from "./params.ts";
 * console.log(Object.keys(candidates(await readParams()))); // [ "rf", "gbr" ]
 * ```
 */
export function candidates(params: Pick<Params, "rf" | "gbr">): Record<string, Candidate> {
  return {
    rf: { algorithm: "random_forest", parameters: params.rf },
    gbr: { algorithm: "gradient_boosting", parameters: params.gbr },
  };
}

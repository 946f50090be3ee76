import { sha256 } from "../hash.ts";

/** Tag of a run that holds its identity. A child's ends in `:` and the name of its model. */
export const IDENTITY_TAG = "retail_demand.identity";

/** Tag of a parent run that holds which versions became champions, and why, as JSON. */
export const PROMOTION_TAG = "retail_demand.promotion";

/**
 * What makes a run the same run: what it logs, the store, and the experiment.
 *
 * @param digest Of the results; see {@linkcode Results}.
 * @param store As {@linkcode storeName} gives it.
 */
export async function runIdentity(
  digest: string,
  store: string,
  experiment: string,
): Promise<string> {
  return await sha256(JSON.stringify([digest, store, experiment]));
}

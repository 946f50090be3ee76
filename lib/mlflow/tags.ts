/** Tag of a run: what was logged and where to, as a hash. A child's ends in `:` and its model. */
export const IDENTITY_TAG = "retail_demand.identity";

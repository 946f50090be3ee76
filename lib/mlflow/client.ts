import { RegistryClient } from "./registry.ts";

export type { ClientOptions } from "./http.ts";

/**
 * A small client of MLflow's REST API: experiments, runs, artifacts, logged models and the registry.
 *
 * At most eight requests are under way at once. What fails for a moment is tried again, but nothing
 * is made twice: a creation that may have reached the server is not sent again.
 *
 * Every method throws a {@linkcode UserError} that names the host where the server is down, slow,
 * wants a login, refuses the request or is not MLflow. Credentials are in no message.
 *
 * @example
 * ```ts
 * import { MlflowClient } from "./client.ts";
 * const client = new MlflowClient({ url: "http://127.0.0.1:5000" });
 * const experimentId = await client.ensureExperiment("retail-demand");
 * const run = await client.createRun(experimentId, "first", {}, Date.now());
 * await client.logBatch(run, { metrics: { val_rmse: 2.5 } });
 * await client.finishRun(run, Date.now());
 * ```
 */
export class MlflowClient extends RegistryClient {}

import { UserError } from "../errors.ts";
import { exists } from "../files.ts";
import { venvTool } from "../tools.ts";
import { MlflowClient } from "./client.ts";
import { authorization } from "./credentials.ts";
import { startLocalServer } from "./local_server.ts";
import { DEFAULT_TRACKING_URI, type Store, storeName } from "./tracking_uri.ts";

/** What {@linkcode withClient} wants of a local store. */
export interface StoreNeeds {
  /** It has to be one that can be written. */
  write: boolean;
  /** Make it where it is missing. */
  create: boolean;
}

/**
 * Does something with a client of a store. For a local store a server is started, which ends when it
 * is done; a login is read from the environment.
 *
 * @throws {UserError} where a local store is missing, its server does not start or ends too early; else what `action` throws.
 */
export async function withClient<T>(
  store: Store,
  { write, create }: StoreNeeds,
  action: (client: MlflowClient) => Promise<T>,
): Promise<T> {
  if (store.kind === "server") {
    return await action(
      new MlflowClient({
        url: store.url,
        authorization: authorization(store.login, (name) => Deno.env.get(name)),
      }),
    );
  }
  if (!create && !await exists(store.path)) {
    throw new UserError(
      `${store.path} is missing, where runs and models were expected. Log some with ` +
        "`deno task log`, or give the tracking URI of what has them with --tracking-uri.",
    );
  }
  if (Deno.stderr.isTerminal()) {
    const name = storeName(store, Deno.cwd());
    console.error(`Starting MLflow on ${name} (up to half a minute where the store is new) ...`);
  }
  await using server = await startLocalServer(store, venvTool("python"), { write });
  return await action(new MlflowClient({ url: server.url })).catch(async (error) => {
    throw await server.explain(error);
  });
}

/** The option of commands that talk to MLflow. */
export const TRACKING_URI_OPTION = {
  type: "string",
  value: "URI",
  description: "http(s)://HOST, sqlite:///PATH or file:PATH " +
    `(default: MLFLOW_TRACKING_URI, else ${DEFAULT_TRACKING_URI})`,
} as const;

/** The tracking URI that was given, that of the environment, or the project's own store. */
export function chooseTrackingUri(given: string | undefined): string {
  return given ?? (Deno.env.get("MLFLOW_TRACKING_URI") || DEFAULT_TRACKING_URI);
}

import { UserError } from "../errors.ts";

/** A user name and a password. */
export interface Login {
  username: string;
  password: string;
}

/** The environment variables, MLflow's own, that {@linkcode authorization} reads. */
export type CredentialVariable =
  | "MLFLOW_TRACKING_USERNAME"
  | "MLFLOW_TRACKING_PASSWORD"
  | "MLFLOW_TRACKING_TOKEN";

/**
 * Value of the `Authorization` header, or null where no credentials are known. As in MLflow's
 * Python client a user name with a password goes before a token; the address's own before both.
 *
 * @param login What the tracking URI held.
 * @param get Reads an environment variable.
 * @throws {UserError} where a value cannot stand in a header. The value is not in the message.
 */
export function authorization(
  login: Login | null,
  get: (name: CredentialVariable) => string | undefined,
): string | null {
  const username = login?.username ?? get("MLFLOW_TRACKING_USERNAME");
  const password = login?.password ?? get("MLFLOW_TRACKING_PASSWORD");
  if (username && password) {
    const bytes = new TextEncoder().encode(`${username}:${password}`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }
  const token = get("MLFLOW_TRACKING_TOKEN");
  if (!token) return null;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UserError(
      "MLFLOW_TRACKING_TOKEN holds a space, a line end or a character outside of ASCII. " +
        "Set it to the token alone.",
    );
  }
  return `Bearer ${token}`;
}

import { isAbsolute, relative, resolve } from "node:path";
import { UserError } from "../errors.ts";
import type { Login } from "./credentials.ts";

/** A running MLflow server. */
export interface RemoteStore {
  kind: "server";
  /** Address without credentials and without a slash at its end. */
  url: string;
  /** User name and password, where the address held them. */
  login: Login | null;
}

/** A store on this machine, which needs a server to be started. */
export interface LocalStore {
  kind: "sqlite" | "file";
  /** Absolute path of the sqlite file or of the folder. */
  path: string;
}

/** Where runs are kept. */
export type Store = RemoteStore | LocalStore;

/** The store where no other is named: a file in the project's folder. */
export const DEFAULT_TRACKING_URI = "sqlite:///mlflow.db";

const SUPPORTED = "Supported are http://HOST:PORT, https://HOST, sqlite:///PATH and file:PATH " +
  "(paths may be relative).";

/**
 * Reads a tracking URI as MLflow writes them.
 *
 * @param uri For example `sqlite:///mlflow.db`, `sqlite:////srv/mlflow.db`, `file:./mlruns`,
 * `https://user:password@mlflow.example.com`.
 * @param base Folder that relative paths start from.
 * @throws {UserError} naming what is supported. The URI is not repeated in it, since it may hold a
 * password.
 *
 * @example
 * ```ts
 * import { parseTrackingUri } from "./tracking_uri.ts";
 * parseTrackingUri("sqlite:///mlflow.db", "/srv"); // { kind: "sqlite", path: "/srv/mlflow.db" }
 * ```
 */
export function parseTrackingUri(uri: string, base: string): Store {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
  switch (scheme) {
    case "http":
    case "https":
      return parseServer(uri);
    case "sqlite": {
      const path = uri.slice("sqlite:///".length);
      if (!/^sqlite:\/\/\/[^:?#]/i.test(uri) || /[?#]/.test(path)) {
        throw new UserError(
          "The tracking URI's sqlite part cannot be used. Expected sqlite:///PATH, for example " +
            "sqlite:///mlflow.db, or with four slashes for an absolute path.",
        );
      }
      return { kind: "sqlite", path: resolve(base, path) };
    }
    case "file": {
      const path = decode(uri.slice("file:".length).replace(/^\/\/(?=\/)/, ""));
      if (path === "" || path.startsWith("//")) {
        throw new UserError(
          "The tracking URI's file part cannot be used. Expected file:PATH, for example " +
            "file:./mlruns or file:///srv/mlruns.",
        );
      }
      return { kind: "file", path: resolve(base, path) };
    }
    default:
      throw new UserError(
        `The tracking URI ${
          scheme ? `has the scheme "${scheme}"` : "has no scheme"
        }, which is not supported. ${SUPPORTED} Set it with --tracking-uri or ` +
          "MLFLOW_TRACKING_URI.",
      );
  }
}

function parseServer(uri: string): RemoteStore {
  const url = URL.parse(uri);
  if (url === null) {
    throw new UserError(`The tracking URI is not a valid address. ${SUPPORTED}`);
  }
  const login = url.username || url.password
    ? { username: decode(url.username), password: decode(url.password) }
    : null;
  return { kind: "server", url: url.origin + url.pathname.replace(/\/+$/, ""), login };
}

/** Percent signs that encode nothing stand for themselves. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Short name of a store for messages and for a run's identity: a server's address, or the path of
 * a file, relative where it lies below `base`. So a project that moves as a whole keeps it.
 */
export function storeName(store: Store, base: string): string {
  if (store.kind === "server") return store.url;
  const path = relative(base, store.path);
  const name = path.startsWith("..") || isAbsolute(path) ? store.path : path;
  return `${store.kind}:${name.replaceAll("\\", "/")}`;
}

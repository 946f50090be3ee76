import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UserError } from "../errors.ts";
import type { LocalStore } from "./tracking_uri.ts";

/** An MLflow server that this process has started and that ends with it. */
export interface LocalServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:41235`. */
  url: string;
  /** Resolves when the server has ended by itself, with the error that says why. */
  ended: Promise<UserError>;
  /**
   * What ended the server where that is why a request failed, else `error` itself. A request can
   * fail a moment before the end is seen, so this takes that moment.
   */
  explain(error: unknown): Promise<unknown>;
}

/** How {@linkcode startLocalServer} starts a server. */
export interface ServerOptions {
  /** 0 for any port that is free. */
  port?: number;
  /** Refuse a store that cannot be written; it can still be browsed. */
  write?: boolean;
}

const HOST = "127.0.0.1";
const START_TIMEOUT = 180;

/** Milliseconds in which the end of a process shows everywhere: requests, status, pipes. */
const MOMENT = 500;

/** Where a local store keeps artifacts: `mlartifacts/` beside it. */
export function artifactsFolder(store: LocalStore): string {
  return join(dirname(store.path), "mlartifacts");
}

/**
 * Starts `mlflow server` on the loopback interface and waits until it answers, about 5 s; longer
 * where the sqlite file is new. It ends with `await using`, with SIGINT and SIGTERM, and when this
 * process is killed.
 *
 * @param python Path of the Python that has MLflow.
 * @throws {UserError} where Python or MLflow is missing, the port is taken, or the store cannot be
 * opened, or not written where that is asked for.
 *
 * @example
 * ```ts
 * import { startLocalServer } from "./local_server.ts";
 * const store = { kind: "sqlite", path: "/tmp/mlflow.db" } as const;
 * await using server = await startLocalServer(store, ".venv/bin/python");
 * console.log(await (await fetch(`${server.url}/health`)).text()); // "OK"
 * ```
 */
export async function startLocalServer(
  store: LocalStore,
  python: string,
  { port = 0, write = false }: ServerOptions = {},
): Promise<LocalServer> {
  bypassProxy();
  const free = findPort(port);
  const child = spawn(store, python, free, write);
  const url = `http://${HOST}:${free}`;
  const log = collectLog(child);
  let stopped = false;

  const stop = async () => {
    if (stopped) return;
    stopped = true;
    removeSignals();
    // The end of stdin is what the launcher waits for; it takes the whole process group along.
    await child.stdin.close().catch(() => {});
    await child.status;
  };
  const removeSignals = onSignals(stop);
  const ended = child.status.then(async ({ signal }) => {
    await stop();
    return explainEnd(store, signal, await log);
  });
  const explain = (error: unknown) => Promise.race([ended, later(MOMENT).then(() => error)]);

  const server = { url, ended, explain, [Symbol.asyncDispose]: stop };
  try {
    await waitUntilHealthy(server, store);
  } catch (error) {
    await stop();
    throw error;
  }
  return server;
}

function spawn(
  store: LocalStore,
  python: string,
  port: number,
  write: boolean,
): Deno.ChildProcess {
  const uri = store.kind === "sqlite" ? `sqlite:///${store.path}` : pathToFileURL(store.path).href;
  const launcher = fileURLToPath(new URL("./serve.py", import.meta.url));
  try {
    return new Deno.Command(python, {
      args: [launcher, uri, artifactsFolder(store), String(port), write ? "write" : "read"],
      env: {
        MLFLOW_ALLOW_FILE_STORE: "true",
        MLFLOW_DISABLE_TELEMETRY: "true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
        PYTHONWARNINGS: "ignore",
      },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`${python} is missing, which runs MLflow. Run \`deno task setup\`.`);
    }
    throw error;
  }
}

async function waitUntilHealthy(server: LocalServer, store: LocalStore): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT * 1000;
  let failure: UserError | null = null;
  server.ended.then((error) => failure = error);
  while (failure === null) {
    if (performance.now() > deadline) {
      throw new UserError(
        `MLflow did not start on ${store.path} within ${START_TIMEOUT} s. ` +
          "Try `deno task mlflow`, and see what keeps this machine busy.",
      );
    }
    try {
      const response = await fetch(`${server.url}/health`, { signal: AbortSignal.timeout(5000) });
      if (await response.text() === "OK") return;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
    await later(100);
  }
  throw failure;
}

/** A free port of the loopback interface, or `port` itself where it is free. */
function findPort(port: number): number {
  try {
    using listener = Deno.listen({ hostname: HOST, port });
    return listener.addr.port;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UserError(
      `Port ${port} of ${HOST} is in use. Stop what listens there, or give another with --port.`,
    );
  }
}

/** Where a proxy is set for the outside, requests to our own server must not go there. */
function bypassProxy(): void {
  const present = Deno.env.get("NO_PROXY") ?? Deno.env.get("no_proxy");
  const list = present ? `${present},${HOST}` : HOST;
  Deno.env.set("NO_PROXY", list);
  Deno.env.set("no_proxy", list);
}

/** Stops the server, then ends this process as the signal would have done. */
function onSignals(stop: () => Promise<void>): () => void {
  const codes = { SIGINT: 130, ...Deno.build.os === "windows" ? {} : { SIGTERM: 143 } };
  const removers = Object.entries(codes).map(([name, code]) => {
    const signal = name as Deno.Signal;
    const listener = () => void stop().finally(() => Deno.exit(code));
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return () => removers.forEach((remove) => remove());
}

/** The end of what a program says on stderr. When it has ended, others who hold that may stay. */
async function collectLog(child: Deno.ChildProcess): Promise<string> {
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text = (text + part.value).slice(-8192);
    }
  };
  await Promise.race([read(), child.status.then(() => later(MOMENT))]);
  await reader.cancel();
  return text;
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Why a server ended that was not stopped by us. */
function explainEnd(store: LocalStore, signal: Deno.Signal | null, log: string): UserError {
  const own = /^error: (.+)$/m.exec(log)?.[1];
  if (own !== undefined) return new UserError(own);
  if (signal !== null) {
    return new UserError(
      `MLflow on ${store.path} was ended from outside (${signal}), as systems do where memory is ` +
        "short. Free some memory and run again.",
    );
  }
  return new UserError(
    `MLflow cannot serve ${store.path}${lastError(log)} ` +
      "Check that it is an MLflow store that can be written, or give another with --tracking-uri.",
  );
}

/** What went wrong, from the log of a Python program: the last line that names an error. */
export function lastError(log: string): string {
  const lines = log.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const line = lines.findLast((line) => /^[\w.]*(Error|Exception)\b/.test(line)) ?? lines.at(-1);
  if (line === undefined) return ".";
  const text = line.replace(/^[\w.]+: /, "").slice(0, 300);
  return `: ${text}${/[.!?]$/.test(text) ? "" : "."}`;
}

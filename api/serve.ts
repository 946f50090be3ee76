import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { createApp } from "./app.ts";
import { apiCommand } from "./command.ts";
import { readConfig } from "./config.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { ModelStore } from "./models.ts";

/** Serves the API until the process is told to end. */
async function serve(): Promise<void> {
  const config = readConfig(Deno.env.get);
  const { HOST, PORT, MODELS_DIR, MODEL_PATH, MODELS_POLL_SECONDS, SHUTDOWN_SECONDS } = config;
  const store = new ModelStore(config);
  // Before all else: the system looks for the files while the rest is put together.
  const loading = store.refresh();
  const log = createLog(Deno.stdout);
  const metrics = createMetrics();
  let isClosing = false;
  const { fetch } = createApp({
    config,
    store,
    metrics,
    log: log.write,
    isClosing: () => isClosing,
  });
  const server = listen(HOST, PORT, fetch);
  const { port } = server.addr;
  console.error(`Serving ${MODEL_PATH ?? MODELS_DIR} at http://${nameOf(HOST)}:${port}`);
  let poll: ReturnType<typeof setInterval> | undefined;
  if (MODELS_POLL_SECONDS > 0) {
    poll = setInterval(() => store.refresh(), 1000 * MODELS_POLL_SECONDS);
  }

  const close = async () => {
    if (isClosing) return;
    isClosing = true;
    clearInterval(poll);
    const end = performance.now() + 1000 * SHUTDOWN_SECONDS;
    // Deno 2.9 breaks off bodies that are still being read (denoland/deno#36809): they end first.
    while (metrics.inFlight() > 0 && performance.now() < end) await delay(20);
    await Promise.race([server.shutdown(), delay(end - performance.now())]);
    log.flush();
    Deno.exit(0);
  };
  Deno.addSignalListener("SIGINT", close);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", close);

  await loading;
  const { served, failed } = store.current;
  for (const problem of failed.values()) console.error(`warning: ${problem}`);
  if (served.size + failed.size === 0) {
    console.error(
      `warning: The folder ${MODELS_DIR} holds no model yet. Run \`deno task repro\` to train ` +
        "models, or set MODELS_DIR to the folder that holds them.",
    );
  }
  await server.finished;
}

function listen(hostname: string, port: number, handler: Deno.ServeHandler<Deno.NetAddr>) {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UserError(
        `Port ${port} of ${hostname} is taken by another program. Stop that, or set PORT to another.`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `Cannot listen on ${hostname}:${port}: ${reason}. Set HOST and PORT to others.`,
    );
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** As a browser takes it. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

if (import.meta.main) await runCommand(apiCommand("deno task api"), serve);

import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { readConfig } from "./config.ts";
import { openApp } from "./main.tsx";

async function serve(): Promise<void> {
  const config = readConfig((name) => Deno.env.get(name));
  const app = await openApp(config);
  try {
    const server = Deno.serve({
      port: config.port,
      onListen: ({ port }) =>
        console.log(
          `The pages are at http://localhost:${port} and ask ${config.apiUrl} - Ctrl-C ends them.`,
        ),
    }, app.fetch);
    await server.finished;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UserError(
      `Port ${config.port} is taken by another program. End it, or set PORT to another number.`,
    );
  }
}

if (import.meta.main) {
  await runCommand({
    name: "deno task ui",
    summary:
      "Serves the pages on port 8501. Variables: API_URL, API_KEY, API_TIMEOUT (seconds), API_RETRIES, PORT.",
    options: {},
  }, serve);
}

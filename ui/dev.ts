import { runCommand } from "../lib/cli.ts";
import { build } from "./build.ts";

/** How long a save has to be over before the pages are built anew, in milliseconds. */
const PAUSE = 150;

const FOLDERS = ["ui", "lib/features"];

/** Serves the pages, and builds and starts them anew when a file changes; browsers follow. */
async function develop(): Promise<void> {
  Deno.env.set("UI_RELOAD", "1");
  let server = await restart();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const { kind, paths } of Deno.watchFs(FOLDERS)) {
    if (
      kind === "access" || paths.every((path) => /_bundle|_screenshots|_test\.tsx?$/.test(path))
    ) {
      continue;
    }
    clearTimeout(timer);
    timer = setTimeout(async () => server = await restart(server), PAUSE);
  }
}

/** What was running goes on where the build fails; esbuild has said why. */
async function restart(old?: Worker): Promise<Worker | undefined> {
  try {
    await build();
  } catch {
    console.error("The pages were not built. Mend the file, and they will be.");
    return old;
  }
  old?.terminate();
  // A worker reads its modules anew, and needs no right to start programs.
  const server = new Worker(new URL("./serve.ts", import.meta.url), { type: "module" });
  server.onerror = (event) => {
    event.preventDefault();
    console.error(event.message);
  };
  return server;
}

if (import.meta.main) {
  await runCommand({
    name: "deno task ui:dev",
    summary: "Serves the pages, rebuilds them when a file changes, and reloads open browsers.",
    options: {},
  }, develop);
}

import { runCommand } from "../lib/cli.ts";

const WINDOWS = Deno.build.os === "windows";

/** Runs the API and the pages until either ends or a signal comes; both then end. */
async function start(): Promise<void> {
  const children = ["api", "ui"].map((task) =>
    new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", task],
      stdin: "null",
      // Each has a port of its own, whatever PORT says.
      env: task === "api" ? { PORT: "8000" } : { PORT: "8501", API_URL: "http://localhost:8000" },
      // A group of its own, so that one signal reaches what the task has started.
      detached: !WINDOWS,
    }).spawn()
  );
  const stop = () => {
    for (const child of children) {
      try {
        Deno.kill(WINDOWS ? child.pid : -child.pid, "SIGTERM");
      } catch {
        // It has ended already.
      }
    }
  };
  for (const signal of WINDOWS ? ["SIGINT" as const] : ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, stop);
  }
  console.log(
    "Starting the API at http://localhost:8000 and the pages at http://localhost:8501 ...",
  );
  const { code } = await Promise.race(children.map((child) => child.status));
  stop();
  await Promise.all(children.map((child) => child.status));
  Deno.exit(code);
}

if (import.meta.main) {
  await runCommand({
    name: "deno task start",
    summary:
      "Runs the API on port 8000 and the pages on port 8501, which ask it. Ctrl-C ends both.",
    options: {},
  }, start);
}

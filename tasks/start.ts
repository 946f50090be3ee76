import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";

const WINDOWS = Deno.build.os === "windows";

/** Runs the API and, when that listens, the pages, until either ends or a signal comes; both then end. */
async function start(): Promise<void> {
  const children: Deno.ChildProcess[] = [];
  let isStopped = false;
  const stop = () => {
    isStopped = true;
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
  const run = (
    task: string,
    env: Record<string, string>,
    output: Pick<Deno.CommandOptions, "stdout" | "stderr">,
  ) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", task],
      env,
      stdin: "null",
      ...output,
      // A group of its own, so that one signal reaches what the task has started.
      detached: !WINDOWS,
    }).spawn();
    children.push(child);
    return child;
  };

  // Its log, a line for each request, would hide what else is said here.
  const api = run("api", { PORT: Deno.env.get("API_PORT") || "8000" }, {
    stdout: "null",
    stderr: "piped",
  });
  const address = await passOn(api.stderr);
  if (address === undefined) {
    const { code } = await api.status;
    if (isStopped) Deno.exit(code);
    throw new UserError(
      "The API did not start, for the reason above. Here its port is API_PORT; PORT is the pages'.",
    );
  }
  run("ui", { PORT: Deno.env.get("PORT") || "8501", API_URL: address }, {});
  const { code } = await Promise.race(children.map((child) => child.status));
  stop();
  await Promise.all(children.map((child) => child.status));
  Deno.exit(code);
}

/** Writes all that comes to stderr; returns, sooner, the address at which the API says it listens. */
async function passOn(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string | undefined> {
  const [shown, read] = stream.tee();
  void shown.pipeTo(Deno.stderr.writable, { preventClose: true });
  let text = "";
  for await (const part of read.pipeThrough(new TextDecoderStream())) {
    text += part;
    const found = / at (http:\/\/\S+)\n/.exec(text);
    if (found) return found[1];
  }
  return undefined;
}

if (import.meta.main) {
  await runCommand({
    name: "deno task start",
    summary: [
      "Runs the API and the pages, which ask it. Ctrl-C ends both.",
      "",
      "PORT      port of the pages (default: 8501); 0: any that is free",
      "API_PORT  port of the API (default: 8000); 0: any that is free",
      "",
      "The other variables are those of `deno task api` and `deno task ui`; API_URL follows from",
      "the API's port, and the API's log is left out.",
    ].join("\n"),
    options: {},
    examples: ["PORT=9000 MODELS_DIR=served deno task start"],
  }, start);
}

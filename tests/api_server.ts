import { delay, descendants } from "./processes.ts";

/** A running `deno task api`. */
export interface ApiServer extends AsyncDisposable {
  /** Without a slash at the end. */
  url: string;
  port: number;
  /** Of the server itself, below its launcher. */
  pid: number;
  /** Command line of the server itself. */
  command: string;
  /** What it has said on stderr. */
  said(): string;
  /** What it has logged, a line each. */
  logged(): string[];
  /** Sends SIGTERM to the launcher. */
  stop(): void;
  /** Its exit code. */
  ended: Promise<number>;
}

/** Starts `deno task api` on a port of its own, and waits until it listens. */
export async function startApi(env: Record<string, string>): Promise<ApiServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "api"],
    env: { PORT: "0", NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const out = collect(child.stdout), err = collect(child.stderr);
  let isOver = false;
  const ended = child.status.then(({ code }) => {
    isOver = true;
    return code;
  });
  let port: number | undefined;
  while (port === undefined) {
    if (isOver) throw new Error(`the API did not start: ${err.text()}`);
    await delay(20);
    port = Number(/ at http:\/\/\S+:(\d+)\n/.exec(err.text())?.[1]) || undefined;
  }
  const server = (await descendants(child.pid)).find(({ command }) =>
    command.endsWith("api/serve.ts")
  )!;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: server.pid,
    command: server.command,
    said: err.text,
    logged: () => out.text().trimEnd().split("\n"),
    stop: () => child.kill("SIGTERM"),
    ended,
    async [Symbol.asyncDispose]() {
      if (!isOver) Deno.kill(server.pid, "SIGKILL");
      await ended;
      await Promise.all([out.done, err.done]);
    },
  };
}

function collect(stream: ReadableStream<Uint8Array>) {
  let text = "";
  const done = (async () => {
    const decoder = new TextDecoder();
    for await (const part of stream) text += decoder.decode(part, { stream: true });
  })();
  return { done, text: () => text };
}

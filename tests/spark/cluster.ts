import { delay } from "../processes.ts";
import { SPARK } from "../../tasks/test_spark.ts";
import { extraTool } from "../../tasks/extra_environment.ts";
import { sparkEnvironment } from "./environment.ts";

/** A Spark cluster that ends with `await using`, and with this process whatever ends it. */
export interface Cluster extends AsyncDisposable {
  /** For example `spark://127.0.0.1:41235`. */
  master: string;
}

const HOST = "127.0.0.1", START_TIMEOUT = 120;

/** Starts a standalone cluster: a master, and workers with a core each. Its logs go to `folder`. */
export async function startCluster(folder: string, workers: number): Promise<Cluster> {
  const [port, webPort] = freePorts(2);
  const child = new Deno.Command(extraTool(SPARK, "python"), {
    args: ["tests/spark/cluster.py", folder, `${port}`, `${webPort}`, `${workers}`],
    clearEnv: true,
    env: sparkEnvironment(),
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const cluster = {
    master: `spark://${HOST}:${port}`,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
    },
  };
  const deadline = performance.now() + START_TIMEOUT * 1000;
  while (await workersOf(`http://${HOST}:${webPort}/json/`) < workers) {
    if (performance.now() > deadline) {
      await cluster[Symbol.asyncDispose]();
      throw new Error(`The cluster has not started within ${START_TIMEOUT} s; see ${folder}.`);
    }
    await delay(200);
  }
  return cluster;
}

/** How many workers have told the master that they are there. */
async function workersOf(url: string): Promise<number> {
  try {
    return (await (await fetch(url)).json()).aliveworkers;
  } catch {
    return 0;
  }
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: HOST, port: 0 }));
  const ports = listeners.map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}

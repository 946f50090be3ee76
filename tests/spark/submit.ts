import { extraTool } from "../../tasks/extra_environment.ts";
import { SPARK } from "../../tasks/test_spark.ts";
import type { Result } from "../project.ts";
import type { Cluster } from "./cluster.ts";
import { sparkEnvironment } from "./environment.ts";

/**
 * Runs `spark-submit` on a cluster, with our Python on the driver and on the workers.
 *
 * @param cores How many cores, and so workers, the program gets.
 */
export async function submit(cluster: Cluster, cores: number, args: string[]): Promise<Result> {
  return await run(cluster.master, { "spark.cores.max": cores }, args);
}

/** Runs `spark-submit` in one process: what does not come to scoring needs no workers started. */
export async function submitAlone(args: string[]): Promise<Result> {
  return await run("local[1]", {}, args);
}

async function run(
  master: string,
  more: Record<string, number>,
  args: string[],
): Promise<Result> {
  const settings = {
    ...more,
    "spark.executor.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": false,
    // What a table is refused for, it is refused for at the first try.
    "spark.task.maxFailures": 1,
  };
  const { code, stdout, stderr } = await new Deno.Command(extraTool(SPARK, "spark-submit"), {
    args: [
      `--master=${master}`,
      ...Object.entries(settings).map(([name, value]) => `--conf=${name}=${value}`),
      ...args,
    ],
    clearEnv: true,
    env: sparkEnvironment(),
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

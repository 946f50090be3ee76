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
  const settings = {
    "spark.cores.max": cores,
    "spark.executor.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": false,
    // What a table is refused for, it is refused for at the first try.
    "spark.task.maxFailures": 1,
  };
  const { code, stdout, stderr } = await new Deno.Command(extraTool(SPARK, "spark-submit"), {
    args: [
      `--master=${cluster.master}`,
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

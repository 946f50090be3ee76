import { resolve } from "node:path";
import { extraTool } from "../../tasks/extra_environment.ts";
import { SPARK } from "../../tasks/test_spark.ts";

/** The variables that Spark's programs run with, all of them: none of another Spark of the user. */
export function sparkEnvironment(): Record<string, string> {
  const own = Object.entries(Deno.env.toObject())
    .filter(([name]) => !/^(SPARK|PYSPARK|MLFLOW)_/.test(name));
  // Not followed where it is a link: without its folder Python does not find its packages.
  const python = resolve(extraTool(SPARK, "python"));
  return {
    ...Object.fromEntries(own),
    PYSPARK_PYTHON: python,
    PYSPARK_DRIVER_PYTHON: python,
    SPARK_LOCAL_IP: "127.0.0.1",
    MLFLOW_DISABLE_TELEMETRY: "true",
  };
}

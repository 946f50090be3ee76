import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { type ExtraEnvironment, installExtra } from "./extra_environment.ts";
import { denoTest, type Outcome, report } from "./outcome.ts";

/** Where Spark and what it needs in Python is. */
export const SPARK: ExtraEnvironment = { folder: "spark", content: "Spark" };

/** Where tests/spark/score.ts leaves its table of speeds: `deno test --quiet` shows none of its words. */
export const SPEED = ".dvc/tmp/spark-speed.txt";

/** Oldest Java that Spark 4 runs on. */
const JAVA = 17;

/** Rows of the speed test. */
const ROWS = 5_000_000;

/** Whether Java is there, new enough for Spark; or what is wrong, in a sentence. */
export type JavaFound = { found: true } | { found: false; problem: string };

/** Looks for the Java that Spark would start: that of JAVA_HOME, else that of PATH. */
export async function findJava(): Promise<JavaFound> {
  const home = Deno.env.get("JAVA_HOME");
  const java = home ? `${home}/bin/java` : "java";
  const needed = `Spark needs Java ${JAVA} or newer (https://adoptium.net)`;
  try {
    const { stderr } = await new Deno.Command(java, { args: ["-version"], stdin: "null" }).output();
    const version = javaVersion(new TextDecoder().decode(stderr));
    if (version !== undefined && version >= JAVA) return { found: true };
    return { found: false, problem: `${needed}, but ${java} is ${version ?? "none that runs"}.` };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { found: false, problem: `${needed}, but ${java} was not found.` };
  }
}

/** The main version in what `java -version` prints; until Java 8 it began with `1.`. */
export function javaVersion(text: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * Installs Spark into spark/.venv and runs tests/spark/score.ts, which no plain `deno test` runs.
 * Prints how fast it was.
 *
 * @param rows Rows of the speed test, which takes minutes; without, it is left out.
 * @throws {UserError} where Spark does not install.
 */
export async function testSpark(rows?: number): Promise<Outcome> {
  await installExtra(SPARK);
  await Deno.remove(SPEED).catch(() => {});
  const outcome = await denoTest(
    ["tests/spark/score.ts"],
    rows === undefined ? {} : { SPARK_TEST_ROWS: String(rows) },
  );
  const speed = await Deno.readTextFile(SPEED).catch(() => "");
  if (speed) console.log(`\n${speed.trimEnd()}`);
  return outcome;
}

if (import.meta.main) {
  await runCommand({
    name: "deno task test:spark",
    summary: "Tests spark/score.py on a Spark cluster of its own, and how fast it is. Needs Java.",
    options: {
      rows: {
        type: "string",
        value: "N",
        description: "rows of the speed test",
        default: String(ROWS),
      },
    },
  }, async ({ values }) => {
    if (!/^[1-9]\d*$/.test(values.rows)) {
      throw new UserError(`Expected a number of rows for --rows, but found ${values.rows}.`);
    }
    const java = await findJava();
    if (!java.found) throw new UserError(java.problem);
    report(await testSpark(Number(values.rows)));
  });
}

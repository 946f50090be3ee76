import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { setUp } from "./setup.ts";

const REPORT = ".dvc/tmp/tests.xml";

/** How many checks and tests passed and failed. */
export interface Outcome {
  passed: number;
  failed: number;
}

/** Runs the checks, each of which counts as one, then all tests. */
async function test(): Promise<Outcome> {
  await setUp();
  const outcome = { passed: 0, failed: 0 };
  for (const args of [["fmt", "--check"], ["lint"], ["check", "--quiet"]]) {
    console.log(`\ndeno ${args.join(" ")}`);
    if (await runChild(Deno.execPath(), args) === 0) outcome.passed++;
    else outcome.failed++;
  }
  console.log("\ndeno test");
  await Deno.mkdir(".dvc/tmp", { recursive: true });
  await Deno.writeTextFile(REPORT, "");
  const code = await runChild(Deno.execPath(), [
    ...["test", "--quiet", "--allow-all", "--no-check", `--junit-path=${REPORT}`],
  ]);
  const tests = readReport(await Deno.readTextFile(REPORT));
  outcome.passed += tests.passed;
  // Deno may fail outside of any test, for example where a module does not load.
  outcome.failed += Math.max(tests.failed, code === 0 ? 0 : 1);
  return outcome;
}

/** Counts the outcomes in the JUnit report of `deno test`; tests that were left out count as neither. */
export function readReport(xml: string): Outcome {
  const outcome = { passed: 0, failed: 0 };
  for (const [, attributes] of xml.matchAll(/<testsuite\s([^>]*)>/g)) {
    const count = (name: string) =>
      Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes!)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    outcome.failed += failed;
    outcome.passed += count("tests") - failed - count("disabled");
  }
  return outcome;
}

if (import.meta.main) {
  await runCommand({
    name: "deno task test",
    summary: "Sets up, checks format, lint and types, and runs all tests.",
    options: {},
  }, async () => {
    const { passed, failed } = await test();
    console.log(`\n${passed} passed, ${failed} failed`);
    if (failed > 0) Deno.exit(1);
  });
}

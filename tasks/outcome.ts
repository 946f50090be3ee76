import { runChild } from "../lib/child.ts";

const REPORT = ".dvc/tmp/tests.xml";

/** How many checks and tests passed and failed. */
export interface Outcome {
  passed: number;
  failed: number;
}

/**
 * Runs `deno test` with all rights, its output on ours.
 *
 * @param args Further arguments; files, where not all tests are to run.
 */
export async function denoTest(
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Outcome> {
  await Deno.mkdir(".dvc/tmp", { recursive: true });
  await Deno.writeTextFile(REPORT, "");
  const fixed = ["test", "--quiet", "--allow-all", "--no-check", `--junit-path=${REPORT}`];
  const code = await runChild(Deno.execPath(), [...fixed, ...args], env);
  const { passed, failed } = readReport(await Deno.readTextFile(REPORT));
  // Deno may fail outside of any test, for example where a module does not load.
  return { passed, failed: Math.max(failed, code === 0 ? 0 : 1) };
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

/** The last line of a task that tests; the task fails where anything failed. */
export function report({ passed, failed }: Outcome): void {
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) Deno.exit(1);
}

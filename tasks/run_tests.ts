import { runChild } from "../lib/child.ts";
import { runCommand } from "../lib/cli.ts";
import { denoTest, type Outcome, report } from "./outcome.ts";
import { setUp } from "./setup.ts";
import { findJava, testSpark } from "./test_spark.ts";

/** Runs the checks, each of which counts as one, then all tests. */
async function test(): Promise<Outcome> {
  await setUp();
  const outcome = { passed: 0, failed: 0 };
  const add = ({ passed, failed }: Outcome) => {
    outcome.passed += passed;
    outcome.failed += failed;
  };
  for (const args of [["fmt", "--check"], ["lint"], ["check", "--quiet"]]) {
    console.log(`\ndeno ${args.join(" ")}`);
    const ok = await runChild(Deno.execPath(), args) === 0;
    add({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });
  }
  console.log("\ndeno test");
  add(await denoTest());
  console.log("\ndeno task test:spark");
  const java = await findJava();
  if (java.found) add(await testSpark());
  else console.log(`Left out: ${java.problem}`);
  return outcome;
}

if (import.meta.main) {
  await runCommand({
    name: "deno task test",
    summary: "Sets up, checks format, lint and types, and runs all tests; Spark's where Java is.",
    options: {},
  }, async () => report(await test()));
}

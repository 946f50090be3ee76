import assert from "node:assert/strict";

/** Examples there that read a model file, which a fresh checkout does not have. */
const NEED_MODELS = ["lib/history/derive.ts"];

Deno.test("the examples in lib/trees run", async () => {
  // Workers read their program.
  await runExamples(await modulesIn("lib/trees"), 5, ["--allow-read=lib/trees"]);
});

for (const [folder, count] of [["history", 4], ["intervals", 1], ["features", 6]] as const) {
  Deno.test(`the examples in lib/${folder} run without any permission`, async () => {
    const files = await modulesIn(`lib/${folder}`);
    await runExamples(files.filter((file) => !NEED_MODELS.includes(file)), count);
  });
}

Deno.test("the examples of folds, selection, metrics and baseline run without any permission", async () => {
  const names = ["folds", "select", "metrics", "baseline"];
  await runExamples(names.map((name) => `lib/evaluation/${name}.ts`), 5);
});

Deno.test("the examples of evaluation cards and what they count run without any permission", async () => {
  const names = ["count_residuals", "sales_grid", "card/file"];
  await runExamples(names.map((name) => `lib/evaluation/${name}.ts`), 3);
});

Deno.test("the examples in api run without any permission", async () => {
  const names = ["app", "config", "metrics", "predict_request", "problem"];
  const files = names.map((name) => `api/${name}.ts`);
  await runExamples([...files, ...await modulesIn("api/batch")], 7);
});

Deno.test("the examples of the report of a change and of GitHub's client run without any permission", async () => {
  const names = ["change", "differences", "markdown", "sparkline"];
  const files = names.map((name) => `lib/change_report/${name}.ts`);
  await runExamples([...files, "lib/github/client.ts"], 7);
});

Deno.test("the examples in tasks/remotes run without any permission", async () => {
  await runExamples(await modulesIn("tasks/remotes"), 4);
});

Deno.test("the example of the images' packages runs without any permission", async () => {
  await runExamples(["docker/slim.ts"], 1);
});

async function modulesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".ts") && !name.endsWith("_test.ts")) files.push(`${folder}/${name}`);
  }
  return files;
}

/** Runs the examples of files, and checks that there are as many as `least`, all passing. */
async function runExamples(files: string[], least: number, permissions: string[] = []) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--doc", "--no-check", "--no-prompt", ...permissions, "--quiet", ...files],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, errors! + out!);
  assert.ok(Number(/(\d+) passed \| 0 failed/.exec(out!)?.[1]) >= least, out!);
}

import assert from "node:assert/strict";

Deno.test("the examples in lib/trees run", async () => {
  const files: string[] = [];
  for await (const { name } of Deno.readDir("lib/trees")) {
    if (name.endsWith(".ts") && !name.endsWith("_test.ts")) files.push(`lib/trees/${name}`);
  }
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--doc", "--no-check", "--allow-read=lib/trees", "--quiet", ...files],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, errors! + out!);
  assert.ok(Number(/(\d+) passed \| 0 failed/.exec(out!)?.[1]) >= 5, out);
});

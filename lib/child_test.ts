import assert from "node:assert/strict";
import { runChild } from "./child.ts";

Deno.test("runChild() gives the program's exit code, and sets variables for it", async () => {
  const code = (script: string) =>
    runChild(Deno.execPath(), ["eval", script], { RETAIL_DEMAND_CODE: "7" });
  assert.equal(await code(""), 0);
  assert.equal(await code("Deno.exit(Number(Deno.env.get('RETAIL_DEMAND_CODE')))"), 7);
});

Deno.test({
  name: "runChild() gives 128 plus the number of the signal that ended the program",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    assert.equal(
      await runChild(Deno.execPath(), ["eval", "Deno.kill(Deno.pid, 'SIGKILL')"]),
      137,
    );
  },
});

import assert from "node:assert/strict";

Deno.test("watchMemory() tells what was taken since, whatever was in use before", async () => {
  const script = `
    import { watchMemory } from "./bench/memory.ts";
    const before = new Uint8Array(60e6).fill(1);
    const found = [];
    for (const size of [30e6, 10e6]) {
      const peak = watchMemory();
      const taken = new Uint8Array(size).fill(1);
      found.push(peak());
      if (taken[1] + before[1] !== 2) throw new Error();
    }
    console.log(JSON.stringify(found));
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "-q", "--no-check", "--v8-flags=--expose-gc", script],
    env: { NO_COLOR: "1" },
  }).output();
  const [first, second] = JSON.parse(new TextDecoder().decode(stdout));
  assert.ok(Math.abs(first - 30) < 3, `${first}`);
  assert.ok(Math.abs(second - 10) < 3, `${second}`);
});

import assert from "node:assert/strict";
import { createTurns } from "./turns.ts";

Deno.test("createTurns() lets a timer go first in work that never waits", async () => {
  const takeTurns = createTurns();
  let isOver = false, steps = 0;
  setTimeout(() => isOver = true, 5);
  while (!isOver) {
    await takeTurns();
    steps++;
  }
  // Most steps cost no turn.
  assert.ok(steps > 100, `${steps} steps`);
});

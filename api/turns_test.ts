import assert from "node:assert/strict";
import { createTurns, together } from "./turns.ts";

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

Deno.test("together() lets all go on in one moment that came before it, one after the other", async () => {
  const order: string[] = [];
  const come = async (name: string) => {
    order.push(`${name} comes`);
    await together();
    order.push(`${name} goes on`);
  };
  const early = [come("a"), come("b")];
  // What others have to do at once goes first.
  await Promise.resolve().then(() => order.push("between"));
  await Promise.all([...early, come("c")]);
  await come("d");
  assert.deepEqual(order, [
    ...["a comes", "b comes", "between", "c comes"],
    ...["a goes on", "b goes on", "c goes on"],
    ...["d comes", "d goes on"],
  ]);
});

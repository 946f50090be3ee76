import assert from "node:assert/strict";
import { createDeadline } from "./deadline.ts";

Deno.test("createDeadline() gives what came in time, its errors too", async () => {
  const within = createDeadline(60, "Late.");
  assert.equal(await within(Promise.resolve(1)), 1);
  await assert.rejects(within(Promise.reject(new TypeError("other"))), /^TypeError: other/);
  // So that the test's own timer is not left behind.
  await new Promise((resolve) => setTimeout(resolve, 600));
});

Deno.test("createDeadline() throws where it takes too long, for each on its own", async () => {
  const within = createDeadline(0.1, "Late.");
  const never = new Promise<never>(() => {});
  const late = within(never);
  assert.equal(await within(Promise.resolve(1)), 1);
  await assert.rejects(late, { name: "Problem", status: 408, message: "Late." });
});

import assert from "node:assert/strict";
import { runIdentity } from "./run_identity.ts";

Deno.test("runIdentity() is the same for the same, and other where any part is", async () => {
  const identity = await runIdentity("d", "sqlite:mlflow.db", "first");
  assert.equal(await runIdentity("d", "sqlite:mlflow.db", "first"), identity);
  const others = await Promise.all([
    runIdentity("e", "sqlite:mlflow.db", "first"),
    runIdentity("d", "http://host", "first"),
    runIdentity("d", "sqlite:mlflow.db", "second"),
  ]);
  assert.equal(new Set([identity, ...others]).size, 4);
});

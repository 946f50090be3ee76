import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { artifactsFolder, lastError, startLocalServer } from "./local_server.ts";

const store = { kind: "sqlite", path: "/nowhere/mlflow.db" } as const;

Deno.test("artifactsFolder() is beside the store", () => {
  assert.equal(artifactsFolder(store), "/nowhere/mlartifacts");
});

Deno.test("startLocalServer() says how to install a Python that is missing", async () => {
  await assert.rejects(
    startLocalServer(store, "/nowhere/bin/python"),
    (error) => error instanceof UserError && error.message.includes("deno task setup"),
  );
});

Deno.test("startLocalServer() says that a port is taken", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await assert.rejects(
    startLocalServer(store, "/nowhere/bin/python", { port }),
    (error) => error instanceof UserError && error.message.includes(`Port ${port}`),
  );
});

Deno.test("lastError() finds the line of a Python log that says what is wrong", () => {
  const log = "2026/01/01 INFO mlflow: starting\nTraceback (most recent call last):\n" +
    '  File "cli.py", line 3\nmlflow.exceptions.MlflowException: Detected an old schema\n' +
    "Try 'mlflow --help'\n";
  assert.equal(lastError(log), ": Detected an old schema.");
  assert.equal(lastError("Killed\n"), ": Killed.");
  assert.equal(lastError(""), ".");
});

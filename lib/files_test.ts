import assert from "node:assert/strict";
import { UserError } from "./errors.ts";
import { exists, readTextFile } from "./files.ts";

Deno.test("readTextFile() says that a file is missing and what to do", async () => {
  await assert.rejects(
    readTextFile("no/such.file", "Make it."),
    (error) => error instanceof UserError && error.message === "no/such.file is missing. Make it.",
  );
  assert.equal(await exists("no/such.file"), false);
});

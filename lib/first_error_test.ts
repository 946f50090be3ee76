import assert from "node:assert/strict";
import { firstError } from "./first_error.ts";

Deno.test("firstError() takes the line with the error, without credentials", () => {
  assert.equal(firstError("Looking\nERROR: no wheel\nhint: x\n"), "ERROR: no wheel");
  assert.equal(firstError("one\ntwo\n"), "two");
  assert.equal(firstError("error: https://user:secret@host/x"), "error: https://host/x");
  assert.equal(firstError(""), "no reason given.");
});

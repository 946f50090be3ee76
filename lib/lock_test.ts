import assert from "node:assert/strict";
import { UserError } from "./errors.ts";
import { takeLock } from "./lock.ts";
import { inFolder } from "./testing.ts";

Deno.test("takeLock() refuses a second holder until the first has let go", () =>
  inFolder(async (folder) => {
    const path = `${folder}/new/x.lock`;
    {
      using _first = await takeLock(path, "");
      await assert.rejects(
        takeLock(path, "Busy. Wait."),
        (error) => error instanceof UserError && error.message === "Busy. Wait.",
      );
    }
    using _second = await takeLock(path, "still held");
  }));

Deno.test("takeLock() says where it cannot write", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/plain`, "");
    await assert.rejects(
      takeLock(`${folder}/plain/x.lock`, ""),
      /^UserError: Cannot write .*x\.lock/,
    );
  }));

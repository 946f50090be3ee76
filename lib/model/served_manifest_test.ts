import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../testing.ts";
import { readServed } from "./served_manifest.ts";

Deno.test("readServed() refuses a damaged manifest in a sentence", () =>
  inFolder(async (folder) => {
    for (const text of ["{", '{"models": {"gbr.json": {}}}']) {
      await Deno.writeTextFile(join(folder, "manifest.json"), text);
      await assert.rejects(readServed(folder), /^UserError: .*manifest\.json is damaged/);
    }
  }));

import assert from "node:assert/strict";
import { progressLine } from "./progress.ts";

Deno.test("progressLine() shows share, count and the time left at the pace so far", () => {
  assert.equal(
    progressLine("rf", 25, 100, "trees", 10),
    `rf ${"█".repeat(6)}${"░".repeat(18)} 25/100 trees, 30 s left`,
  );
  assert.equal(progressLine("rf", 0, 100, "trees", 0), `rf ${"░".repeat(24)} 0/100 trees`);
  assert.equal(progressLine("rf", 100, 100, "trees", 3), `rf ${"█".repeat(24)} 100/100 trees`);
});

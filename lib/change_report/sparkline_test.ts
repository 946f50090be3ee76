import assert from "node:assert/strict";
import { sparkline } from "./sparkline.ts";

Deno.test("sparkline() spans its range, stays within a given one, and bears equal numbers", () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█");
  assert.equal(sparkline([5, -5, 15], [0, 10]), "▅▁█");
  assert.equal(sparkline([3, 3]), "▁▁");
  assert.equal(sparkline([]), "");
});

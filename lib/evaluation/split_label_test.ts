import assert from "node:assert/strict";
import { splitLabel } from "./split_label.ts";

Deno.test("splitLabel() counts the weeks of a time split", () => {
  assert.equal(splitLabel("time", 5, Int32Array.of(7, 14, 7, 21)), "last 3 weeks");
  assert.equal(splitLabel("time", 5, Int32Array.of(7, 7)), "last week");
});

Deno.test("splitLabel() says that a random split is not a forecast", () => {
  const label = splitLabel("random", 801, new Int32Array(199));
  assert.equal(label, "random 20 % of the rows (not a forecast)");
});

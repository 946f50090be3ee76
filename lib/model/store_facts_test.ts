import assert from "node:assert/strict";
import { storeFactsOf } from "./store_facts.ts";

Deno.test("storeFactsOf() has each store once, ascending, by its last row", () => {
  const facts = storeFactsOf({
    Store: Float64Array.of(3, 1, 3),
    Type: Float64Array.of(0, 2, 1),
    Size: Float64Array.of(500, 100, 600),
  });
  assert.deepEqual([...facts], [[1, { type: 2, size: 100 }], [3, { type: 1, size: 600 }]]);
});

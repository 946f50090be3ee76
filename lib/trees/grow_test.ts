import assert from "node:assert/strict";
import { binTable } from "./binned_table.ts";
import { createGrow } from "./grow.ts";
import { pack } from "./quantize.ts";
import { signalTable } from "./testing/tables.ts";

Deno.test("createGrow() grows the same tree whether counts stand apart or not", () => {
  const { kinds, columns, targets } = signalTable(3000);
  const table = binTable(kinds, columns, 255);
  const limits = { maxDepth: Infinity, minSamplesLeaf: 2, maxFeatures: 4, monotone: undefined };
  for (const maxLeafNodes of [20, 800, Infinity]) {
    const [together, apart] = [false, true].map((countsApart) => {
      const unit = countsApart ? 1 : 2 ** 12;
      const quantization = { scale: 2 ** 20, offset: 5, unit, countsApart };
      const packed = new Float64Array(targets.length);
      pack(quantization, targets, packed);
      const weights = countsApart ? new Float64Array(targets.length).fill(1) : undefined;
      const grow = createGrow(table, { ...limits, maxLeafNodes, weighted: countsApart });
      return grow({ quantization, packed, weights }, Uint32Array.from(targets.keys()), 0);
    });
    assert.deepEqual(apart, together);
    assert.ok(together!.leafEnds.length > 15);
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { salesGrid } from "./sales_grid.ts";

Deno.test("salesGrid() counts by actual sales first, in steps that are even near zero", () => {
  // The ends of the scale are at -ln 2 and ln 2, zero is between the 24th and the 25th cell.
  const { edges, counts } = salesGrid(Float64Array.of(-1000, 1000, 1), Float64Array.of(1000, 1, 1));
  assert.ok(Math.abs(edges[0]! + 1000) < 1e-9 && Math.abs(edges[48]! - 1000) < 1e-9);
  assert.ok(Math.abs(edges[24]!) < 1e-9);
  assert.deepEqual([counts[0]![47], counts[47]![24], counts[24]![24]], [1, 1, 1]);
});

Deno.test("salesGrid() counts each row once", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: -1e5, max: 1e7 }), fc.integer()), {
    minLength: 1,
  });
  fc.assert(fc.property(rows, (rows) => {
    const column = (index: 0 | 1) => Float64Array.from(rows, (row) => row[index] / 100);
    const { edges, counts } = salesGrid(column(0), column(1));
    assert.equal(counts.flat().reduce((sum, count) => sum + count, 0), rows.length);
    assert.equal(edges.length, counts.length + 1);
    assert.ok(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!));
  }));
});

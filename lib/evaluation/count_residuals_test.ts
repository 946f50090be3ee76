import assert from "node:assert/strict";
import fc from "fast-check";
import { countResiduals } from "./count_residuals.ts";

Deno.test("countResiduals() counts 98 % in bins around zero, and the others beside them", () => {
  const residuals = Float64Array.from({ length: 1000 }, (_, row) => row % 2 === 0 ? 29.5 : -0.5);
  residuals[0] = 1e6;
  residuals[1] = -1e6;
  const { edges, counts, below, above } = countResiduals(residuals);
  assert.deepEqual([edges[0], edges[1], edges[30], edges[60]], [-30, -29, 0, 30]);
  assert.deepEqual([edges.length, counts.length, below, above], [61, 60, 1, 1]);
  assert.deepEqual([counts[29], counts[59]], [499, 499]);
});

Deno.test("countResiduals() counts each value once, between the edges of its bin", () => {
  const residual = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(fc.property(fc.array(residual, { minLength: 1 }), (values) => {
    const { edges, counts, below, above } = countResiduals(Float64Array.from(values));
    const low = values.filter((value) => value < edges[0]!).length;
    const high = values.filter((value) => value > edges.at(-1)!).length;
    assert.deepEqual([below, above], [low, high]);
    const within = counts.reduce((sum, count) => sum + count, 0);
    assert.equal(below + within + above, values.length);
    assert.ok(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!));
  }));
});

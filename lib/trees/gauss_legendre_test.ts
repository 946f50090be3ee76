import assert from "node:assert/strict";
import { gaussLegendre } from "./gauss_legendre.ts";

Deno.test("gaussLegendre() integrates polynomials of up to twice its points less one", () => {
  for (let count = 1; count <= 128; count++) {
    const { points, rests, weights } = gaussLegendre(count);
    for (const degree of [0, 1, count, 2 * count - 1]) {
      const found = points.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0);
      assert.ok(Math.abs(found * (degree + 1) - 1) < 1e-11, `${count} points, degree ${degree}`);
    }
    for (const [i, x] of points.entries()) {
      assert.ok(x > 0 && x < 1 && weights[i]! > 0);
      assert.ok(Math.abs(x + rests[i]! - 1) < 1e-15);
    }
  }
});

Deno.test("gaussLegendre() misses a polynomial of twice its points", () => {
  const { points, weights } = gaussLegendre(2);
  const found = points.reduce((sum, x, i) => sum + weights[i]! * x ** 4, 0);
  assert.ok(Math.abs(found - 0.2) > 0.005);
});

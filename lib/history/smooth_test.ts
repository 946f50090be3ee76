import assert from "node:assert/strict";
import { createRandom } from "../trees/random.ts";
import type { SalesHistory } from "./sales_history.ts";
import { smooth } from "./smooth.ts";

/** One department's stores by weeks. */
function department(rows: number[][]): SalesHistory {
  return {
    firstDay: 14645,
    weeks: rows[0]!.length,
    stores: Uint16Array.from(rows, (_, i) => i + 1),
    departments: Uint16Array.from(rows, () => 7),
    sales: Float64Array.from(rows.flat()),
  };
}

const near = (found: Float64Array, expected: number[], tolerance: number) => {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    if (Number.isNaN(value)) assert.ok(Number.isNaN(found[i]), `${i}: ${found[i]}`);
    else assert.ok(Math.abs(found[i]! - value) <= tolerance, `${i}: ${found[i]}, not ${value}`);
  }
};

Deno.test("smooth() keeps what stores have in common: a matrix of that rank stays as it is", () => {
  const random = createRandom(1);
  const number = () => random.integer(1000) / 100;
  const stores = Array.from({ length: 9 }, () => [number(), number()]);
  const weeks = Array.from({ length: 30 }, () => [number(), number()]);
  const rows = stores.map((store) =>
    weeks.map((week) => store[0]! * week[0]! + store[1]! * week[1]!)
  );
  near(smooth(department(rows), 2), rows.flat(), 1e-9);
  assert.ok(smooth(department(rows), 1).some((value, i) => Math.abs(value - rows.flat()[i]!) > 1));
});

Deno.test("smooth() is the nearest matrix of its rank: numpy's answer", () => {
  // U, s, V = np.linalg.svd(A); s[0] * np.outer(U[:, 0], V[0])
  const rows = [[10, 20, 30], [11, 19, 33], [5, 30, 10]];
  near(smooth(department(rows), 1), [
    ...[9.52599, 23.46063, 27.17895],
    ...[9.99269, 24.61004, 28.51052],
    ...[7.06412, 17.39753, 20.15489],
  ], 1e-4);
});

Deno.test("smooth() fills gaps by the series' mean and the department's course", () => {
  const rows = [[10, 20, 30], [100, NaN, 300], [NaN, NaN, NaN]];
  // Course of the second week: 20 / 20, the one store's sales over its mean.
  near(smooth(department(rows), 3), [10, 20, 30, 100, 200, 300, NaN, NaN, NaN], 1e-9);
});

Deno.test("smooth() fills no gap by a course that returns have made senseless", () => {
  // Means of 1000, -998 and 50: the first two nearly cancel in the second week.
  const rows = [[1100, 1000, 900], [-1098, -998, -898], [40, NaN, 60]];
  const filled = smooth(department(rows), 3);
  assert.equal(filled[7], 50);
});

import assert from "node:assert/strict";
import { type Curve, heightAt } from "./piecewise.ts";

const CURVE: Curve = [[-2, 0], [0, 4], [1, 10]];

Deno.test("heightAt() goes through the points and straight between them", () => {
  assert.deepEqual([-2, -1, 0, 0.5, 1].map((x) => heightAt(CURVE, x)), [0, 2, 4, 7, 10]);
});

Deno.test("heightAt() goes on level outside, or at the height given", () => {
  assert.deepEqual([heightAt(CURVE, -9), heightAt(CURVE, 9)], [0, 10]);
  assert.deepEqual([heightAt(CURVE, -9, 7), heightAt(CURVE, 9, 7)], [7, 7]);
});

import assert from "node:assert/strict";
import { countResiduals } from "../evaluation/count_residuals.ts";
import { renderSvg } from "./render_svg.ts";
import { residualHistogram } from "./residual_histogram.ts";

Deno.test("residualHistogram() draws residuals that are all alike, or tiny", async () => {
  const draw = (value: number) => {
    const residuals = new Float64Array(100).fill(value);
    return renderSvg(residualHistogram("rf", residuals, countResiduals(residuals), "last week"));
  };
  const zero = await draw(0);
  assert.match(zero, /Mean 0 USD/);
  for (const value of [Number.MIN_VALUE, 1e-320, 1e-20]) assert.equal(await draw(value), zero);
});

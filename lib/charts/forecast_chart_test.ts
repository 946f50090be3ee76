import assert from "node:assert/strict";
import { forecastChart } from "./forecast_chart.ts";
import { renderSvg } from "./render_svg.ts";

Deno.test("forecastChart() draws known and coming weeks as two lines that do not overlap", async () => {
  const spec = forecastChart(
    { days: Int32Array.of(15540, 15547), totals: Float64Array.of(41e6, 42e6) },
    { days: Int32Array.of(15554), totals: Float64Array.of(43.5e6) },
    "blend",
  );
  assert.deepEqual((spec as { data?: unknown }).data, {
    values: [
      { time: 15540 * 86_400_000, line: "Actual", total: 41 },
      { time: 15547 * 86_400_000, line: "Actual", total: 42 },
      { time: 15554 * 86_400_000, line: "Forecast", total: 43.5 },
    ],
  });
  assert.match(await renderSvg(spec), /^<svg[^]*Forecast by blend/);
});

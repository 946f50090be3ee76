import assert from "node:assert/strict";
import type { TopLevelSpec } from "vega-lite";
import { renderSvg } from "./render_svg.ts";

const SPEC: TopLevelSpec = {
  title: { text: 'Sales & "returns" <net>', subtitle: "of a week" },
  description: "Two bars: 1 < 2.",
  config: { aria: false },
  data: { values: [{ store: "1", sales: 1 / 3 }, { store: "2", sales: 2 / 3 }] },
  mark: "bar",
  encoding: {
    x: { field: "sales", type: "quantitative" },
    y: { field: "store", type: "nominal" },
  },
};

Deno.test("renderSvg() gives the same bytes each time, gradients and clips included", async () => {
  const spec: TopLevelSpec = {
    data: { values: [{ x: 1, n: 1 }, { x: 2, n: 5 }] },
    mark: { type: "point", clip: true },
    encoding: {
      x: { field: "x", type: "quantitative" },
      color: { field: "n", type: "quantitative" },
    },
  };
  const svg = await renderSvg(spec);
  assert.match(svg, /url\(#gradient_/);
  assert.match(svg, /url\(#clip/);
  assert.equal(await renderSvg(structuredClone(spec)), svg);
});

Deno.test("renderSvg() makes title and description the text of one image, escaped", async () => {
  const svg = await renderSvg(SPEC);
  const title = "Sales &amp; &quot;returns&quot; &lt;net&gt;";
  assert.match(svg, /^<svg [^>]*role="img"/);
  assert.ok(svg.includes(`aria-label="${title}. Two bars: 1 &lt; 2."><title>${title}</title>`));
  assert.ok(svg.endsWith("</svg>\n"));
});

Deno.test("renderSvg() rounds coordinates to hundredths and leaves text alone", async () => {
  const svg = await renderSvg({
    ...SPEC,
    title: 'd="1.23456"',
    mark: { type: "bar", height: 10.123456 },
  });
  const coordinates = [...svg.matchAll(/ (?:d|transform|x2|y2)="([^"]*)"/g)];
  assert.ok(coordinates.length > 20);
  for (const [, value] of coordinates) assert.doesNotMatch(value!, /\.\d{3}/);
  assert.ok(svg.includes("10.12"));
  assert.ok(svg.includes("1.23456"));
});

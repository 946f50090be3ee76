import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { escape } from "../escape.ts";

// Without a canvas Vega takes a letter to be 0.8 em wide and leaves wide gaps; common sans-serif fonts
// have 0.5 to 0.6. Fixing it here also keeps a canvas, where there is one, from changing the bytes.
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number };
};
textMetrics.width = ({ fontSize = 11 }, text) =>
  Math.round(0.6 * fontSize * `${text ?? ""}`.length);

/**
 * Draws a Vega-Lite spec without a browser. The same spec gives the same bytes. Draw one picture
 * after the other, not at once.
 *
 * The title and description of the spec are made the text that screen readers say. Coordinates are
 * rounded to hundredths of a pixel: smaller files, and no last bits that differ between engines.
 *
 * @returns The text of an SVG file, ending in a newline.
 *
 * @example
 * ```ts
 * import { renderSvg } from "./render_svg.ts";
 * const svg = await renderSvg({
 *   title: "Sales",
 *   description: "One bar.",
 *   data: { values: [{ store: "1", sales: 10 }] },
 *   mark: "bar",
 *   encoding: { x: { field: "sales", type: "quantitative" }, y: { field: "store" } },
 * });
 * console.log(svg.slice(0, 4)); // "<svg"
 * ```
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  // Vega numbers gradients and clips throughout the process, not the picture.
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none" });
  try {
    const svg = await view.toSVG();
    const title = titleText(spec);
    const label = escape([title, spec.description ?? ""].filter(Boolean).join(". "));
    return roundCoordinates(svg).replace(
      /^<svg ([^>]*)>/,
      (_, attributes) =>
        `<svg ${attributes} role="img" aria-label="${label}"><title>${escape(title)}</title>`,
    ) + "\n";
  } finally {
    view.finalize();
  }
}

function titleText(spec: TopLevelSpec): string {
  const title = spec.title;
  if (title === undefined) return "";
  const text = typeof title === "object" && "text" in title ? title.text : title;
  return Array.isArray(text) ? text.join(" ") : String(text);
}

function roundCoordinates(svg: string): string {
  return svg.replace(
    / (?:d|transform|x[12]?|y[12]?)="[^"]*"/g,
    (attribute) =>
      attribute.replace(
        /-?\d+\.\d+(?:e-?\d+)?/g,
        (number) => String(Math.round(Number(number) * 100) / 100 + 0),
      ),
  );
}

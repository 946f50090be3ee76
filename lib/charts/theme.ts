import type { TopLevelSpec } from "vega-lite";
import { BASELINE } from "../evaluation/baseline.ts";

/** The look that all charts share. Colours: Okabe and Ito, told apart by colour-blind eyes too. */
const CONFIG: NonNullable<TopLevelSpec["config"]> = {
  // The picture is one image with one text for screen readers (renderSvg), not a tree of parts.
  aria: false,
  background: "white",
  padding: 16,
  font: "sans-serif",
  title: {
    anchor: "start",
    frame: "group",
    fontSize: 16,
    subtitleFontSize: 12,
    subtitleColor: "#555",
    subtitlePadding: 4,
    offset: 14,
  },
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titleColor: "#333",
    labelColor: "#333",
    gridColor: "#e6e6e6",
    domainColor: "#999",
    tickColor: "#999",
    titlePadding: 8,
    labelLimit: 0,
  },
  legend: { labelFontSize: 12, labelLimit: 0, titleFontSize: 12, titleFontWeight: "normal" },
};

/** Labels such as 10k and 2M for an axis of amounts or counts; 0 without the k that D3 gives it. */
export const AMOUNT_LABELS = {
  format: "~s",
  labelExpr: "datum.value === 0 ? '0' : datum.label",
} as const;

/** Colour of actual sales. */
export const ACTUAL_COLOR = "#222222";

const BASELINE_COLOR = "#8c8c8c";
const KNOWN_COLORS: Record<string, string> = {
  seasonal: "#e69f00",
  rf: "#0072b2",
  gbr: "#d55e00",
  blend: "#009e73",
};
const OTHER_COLORS = ["#cc79a7", "#56b4e9", "#f0e442"];

const TITLES: Record<string, string> = {
  seasonal: "Seasonal and growth (seasonal)",
  rf: "Random forest (rf)",
  gbr: "Gradient boosting (gbr)",
  blend: "Blend (blend)",
  [BASELINE]: "Seasonal naive",
};

/** Name of a model for people; the name itself where none is known. */
export function modelTitle(name: string): string {
  return TITLES[name] ?? name;
}

/**
 * Colours of `names`: the same for a model in every chart, grey for the baseline.
 *
 * @param names All models of the run, so that unknown ones get different colours.
 */
export function modelColors(names: readonly string[]): Record<string, string> {
  const others = names.filter((name) => !(name in KNOWN_COLORS) && name !== BASELINE);
  return Object.fromEntries(names.map((name) => {
    if (name === BASELINE) return [name, BASELINE_COLOR];
    return [
      name,
      KNOWN_COLORS[name] ?? OTHER_COLORS[others.indexOf(name) % OTHER_COLORS.length]!,
    ];
  }));
}

/**
 * What every chart begins with.
 *
 * @param subtitle One line each; the first names the split.
 * @param description The picture in a sentence, for those who cannot see it.
 */
export function chartFrame(
  title: string,
  subtitle: string[],
  description: string,
): { title: { text: string; subtitle: string[] }; description: string; config: typeof CONFIG } {
  return { title: { text: title, subtitle }, description, config: CONFIG };
}

/** A count or an amount with thousands separators and no decimals: `82,130`. */
export function formatCount(value: number): string {
  return (Math.round(value) + 0).toLocaleString("en-US");
}

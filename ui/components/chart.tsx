import { useEffect, useRef, useState } from "preact/hooks";
import type { ChartSpec, Tone } from "./chart_spec.ts";

/** What we use of Plotly. */
interface Plotly {
  react(element: HTMLElement, data: unknown[], layout: unknown, config: unknown): Promise<void>;
  purge(element: HTMLElement): void;
}

let plotly: Promise<Plotly> | undefined;

/** Loads Plotly when first asked; again where that failed. */
function loadPlotly(): Promise<Plotly> {
  plotly ??= import("plotly.js-basic-dist-min").then((module) => module.default as Plotly);
  plotly.catch(() => plotly = undefined);
  return plotly;
}

const DARK = "(prefers-color-scheme: dark)";

/** A chart by Plotly, which is loaded when the chart comes into view; its numbers as a table below. */
export function Chart({ spec }: { spec: ChartSpec }) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  const [failed, setFailed] = useState(false);
  const [dark, setDark] = useState(0);

  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    }, { rootMargin: "200px" });
    observer.observe(place.current!);
    const scheme = matchMedia(DARK);
    const onScheme = () => setDark((times) => times + 1);
    scheme.addEventListener("change", onScheme);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", onScheme);
    };
  }, []);

  useEffect(() => {
    if (!seen) return;
    const element = place.current!;
    loadPlotly().then(async (plotly) => {
      const { data, layout } = figureOf(spec, readTheme(element));
      const config = { displayModeBar: false, responsive: true };
      await plotly.react(element, data, layout, config);
      // In which scheme, for the style of what is printed.
      element.dataset["drawn"] = matchMedia(DARK).matches ? "dark" : "light";
      setFailed(false);
    }).catch(() => setFailed(true));
  }, [seen, spec, dark]);

  useEffect(() => {
    const element = place.current!;
    return () => void plotly?.then((plotly) => plotly.purge(element));
  }, []);

  return (
    <figure class="chart">
      <figcaption>{spec.title}</figcaption>
      <div class="plot" ref={place} role="img" aria-label={spec.title} />
      {failed && (
        <p class="hint">
          The chart could not be loaded; its numbers are in the table below.
        </p>
      )}
      <ChartTable spec={spec} />
    </figure>
  );
}

/** How many rows of numbers a chart's table shows. */
const MOST_ROWS = 200;

function ChartTable({ spec }: { spec: ChartSpec }) {
  const [open, setOpen] = useState(false);
  const keys = [...new Set(spec.series.flatMap(({ x }) => x))].slice(0, MOST_ROWS);
  const columns = spec.series.map(({ name, x, y }) => ({
    name,
    values: new Map(x.map((key, index) => [key, y[index]])),
  }));
  return (
    <details
      class="numbers"
      onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>Show the numbers</summary>
      {open && (
        <div class="scroll" tabIndex={0} role="region" aria-label={`${spec.title}: numbers`}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{spec.xTitle ?? "Week"}</th>
                {columns.map(({ name }) => <th key={name} scope="col" class="number">{name}</th>)}
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr>
                  <th scope="row">{key}</th>
                  {columns.map(({ values }) => {
                    const value = values.get(key);
                    return (
                      <td class="number">
                        {value === null || value === undefined
                          ? "–"
                          : Math.round(value).toLocaleString("en-US")}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

type Theme = Record<Tone | "grid" | "band", string>;

/** Colours as the page's style has them, in light and in dark. */
function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    accent: color("accent"),
    ink: color("ink"),
    muted: color("muted"),
    warm: color("warm"),
    grid: color("grid"),
    band: color("band"),
  };
}

/** What Plotly draws for a spec. */
export function figureOf(spec: ChartSpec, theme: Theme): { data: unknown[]; layout: unknown } {
  const hover = spec.money ? "%{y:$,.0f}" : "%{y:,.0f}";
  const data: unknown[] = [];
  if (spec.band) {
    const { name, x, lower, upper } = spec.band;
    const edge = { x, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
    data.push({ ...edge, y: lower }, {
      ...edge,
      y: upper,
      name,
      fill: "tonexty",
      fillcolor: theme.band,
      showlegend: true,
    });
  }
  for (const { name, kind, tone, x, y } of spec.series) {
    const color = theme[tone];
    const common = { name, x, y, hovertemplate: hover };
    if (kind === "bars") data.push({ ...common, type: "bar", marker: { color } });
    else if (kind === "points") {
      data.push({ ...common, mode: "markers", marker: { color, size: 10 } });
    } else {
      const dash = kind === "dashes" ? "dot" : "solid";
      data.push({ ...common, mode: "lines", line: { color, width: 2, dash } });
    }
  }
  const axis = {
    color: theme.muted,
    gridcolor: theme.grid,
    zeroline: false,
    automargin: true,
    fixedrange: true,
    tickfont: { size: 12 },
  };
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", color: theme.ink, size: 13 },
    margin: { l: 8, r: 8, t: 8, b: 8 },
    hovermode: "x unified",
    hoverlabel: { bgcolor: theme.grid, font: { color: theme.ink } },
    bargap: 0.12,
    showlegend: spec.series.length > 1 || spec.band !== undefined,
    legend: { orientation: "h", y: -0.18, x: 0, font: { color: theme.ink } },
    xaxis: {
      ...axis,
      showgrid: false,
      type: spec.categories ? "category" : undefined,
      title: spec.xTitle ? { text: spec.xTitle, standoff: 12, font: { size: 13 } } : undefined,
    },
    yaxis: {
      ...axis,
      tickprefix: spec.money ? "$" : "",
      title: { text: spec.yTitle, standoff: 12, font: { size: 13 } },
      rangemode: spec.series.some(({ kind }) => kind === "bars") ? "tozero" : "normal",
    },
  };
  return { data, layout };
}

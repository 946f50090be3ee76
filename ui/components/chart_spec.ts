/** A colour of the theme. */
export type Tone = "accent" | "ink" | "muted" | "warm";

/** A line or a set of bars; `x` are ISO dates or labels or numbers, `null` leaves a gap. */
export interface ChartSeries {
  name: string;
  kind: "line" | "dashes" | "bars" | "points";
  tone: Tone;
  x: (string | number)[];
  y: (number | null)[];
}

/** A chart, without any of its looks. */
export interface ChartSpec {
  /** What the picture shows, in a sentence. */
  title: string;
  series: ChartSeries[];
  /** Shaded between two lines. */
  band?: { name: string; x: string[]; lower: (number | null)[]; upper: (number | null)[] };
  xTitle?: string;
  yTitle: string;
  /** Whether the vertical axis counts dollars. */
  money: boolean;
  /** Whether the horizontal axis names categories instead of measuring. */
  categories?: boolean;
}

import type { SelectMetric } from "../evaluation/select.ts";

/** How a champion's figure came about; see {@linkcode measureChampion}. */
export type Comparison = "measured" | "forecast" | "refitted";

/** A champion's error on the rows that a new version was validated on. */
export interface ChampionFigure {
  value: number;
  comparison: Comparison;
  /** Whether its parameters are those of the new version, which then knows other weeks at most. */
  sameParameters: boolean;
}

/** What decides whether a new version becomes champion. All errors are of the same rows. */
export interface Contest {
  metric: SelectMetric;
  /** By which share of the champion's error the new one has to be lower, 0 to 1. */
  margin: number;
  /** Whether a version with the champion's parameters replaces it as soon as it knows later weeks. */
  refresh: boolean;
  /** Of the new version, and of the seasonal-naive baseline, in USD. */
  challenger: number;
  naive: number;
  /** The present champion's; none where there is no champion; a sentence where it cannot be compared. */
  champion: ChampionFigure | string | null;
  /** Whether the new version knows later weeks than the champion. */
  isNewer: boolean;
}

/** Whether a version becomes champion, and why, as a sentence. */
export interface Verdict {
  promoted: boolean;
  reason: string;
}

/** In which words a comparison is told. */
const COMPARISONS: Record<Comparison, string> = {
  measured: "the champion",
  forecast: "the champion's forecast of these weeks",
  refitted: "the champion refitted on the weeks before",
};

/**
 * Decides whether a new version becomes champion: it has to beat seasonal naive, and the champion
 * by the margin.
 *
 * @example
 * ```ts
 * import { decide } from "./decide.ts";
 * const contest = { metric: "wmae", margin: 0.01, refresh: false, isNewer: true } as const;
 * const champion = { value: 100, comparison: "measured", sameParameters: false } as const;
 * console.log(decide({ ...contest, challenger: 98, naive: 120, champion }).promoted); // true
 * console.log(decide({ ...contest, challenger: 99.5, naive: 120, champion }).promoted); // false
 * ```
 */
export function decide(
  { metric, margin, refresh, challenger, naive, champion, isNewer }: Contest,
): Verdict {
  const name = metric.toUpperCase();
  const own = `${name} ${format(challenger)}`;
  if (!(challenger < naive)) {
    return {
      promoted: false,
      reason: `${own} does not beat seasonal naive, ${format(naive)}.`,
    };
  }
  if (champion === null) {
    return {
      promoted: true,
      reason: `${own} beats seasonal naive, ${format(naive)}, and there is no champion yet.`,
    };
  }
  if (typeof champion === "string") return { promoted: false, reason: champion };
  const { value, comparison, sameParameters } = champion;
  const other = `${COMPARISONS[comparison]} (${format(value)})`;
  const change = value > 0 ? 1 - challenger / value : 0;
  const wanted = `${format(100 * margin)} %`;
  if (challenger < value && change >= margin) {
    return {
      promoted: true,
      reason: `${own} beats seasonal naive, ${format(naive)}, and ${other} by ${
        format(100 * change)
      } %; ${wanted} were wanted.`,
    };
  }
  if (sameParameters && isNewer && refresh) {
    return {
      promoted: true,
      reason: `${own} beats seasonal naive, ${format(naive)}; it has the champion's parameters ` +
        "and knows later weeks.",
    };
  }
  const how = challenger < value
    ? `beats ${other} by ${format(100 * change)} % only; ${wanted} were wanted.`
    : `does not beat ${other}.`;
  return {
    promoted: false,
    reason: `${own} ${how}` +
      (sameParameters && isNewer
        ? " It has the champion's parameters and knows later weeks: set registry.refresh in " +
          "params.yaml to let such versions take over, or promote it by hand."
        : ""),
  };
}

function format(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
}

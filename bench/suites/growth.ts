import { FOREST } from "../learners.ts";
import type { Learner } from "../../lib/trees/mod.ts";
import type { GrowthFigures, GrowthPoint } from "../results.ts";
import type { GrowOutcome, GrowRequest } from "../runs/grow.ts";
import { spread } from "../statistics.ts";
import type { Bench, Suite } from "../suite.ts";

type Setting = Omit<GrowthPoint, "seconds" | "peak_mb" | "binned_mb">;

const SHAPES = ["panel", "uniform"] as const;
const LEARNERS = ["boosting", "forest"] as const;
/** What each series keeps where it varies something else. */
const ROWS = 200_000, FEATURES = 17, TREES = { boosting: 100, forest: 10 };

/** How our time and memory grow with rows, features, trees and workers. */
export const growth: Suite = {
  about: "time and memory of ours as rows, features, trees and workers grow",
  processes: ({ runs }) => new Set(settings().map(requestKey)).size * runs,
  async measure(bench): Promise<GrowthFigures> {
    const points: GrowthPoint[] = [];
    // Where series meet, they share a point.
    const measured = new Map<string, Pick<GrowthPoint, "seconds" | "peak_mb">>();
    for (const setting of settings()) {
      const { rows, features } = setting;
      const key = requestKey(setting);
      const figures = measured.get(key) ?? await measurePoint(bench, setting);
      measured.set(key, figures);
      points.push({ ...setting, ...figures, binned_mb: rows * features / 1e6 });
    }
    return { kind: "growth", points };
  },
};

function requestKey({ series: _, ...request }: Setting): string {
  return JSON.stringify(request);
}

async function measurePoint(bench: Bench, setting: Setting) {
  const { shape, rows, features, workers } = setting;
  const learner = learnerOf(setting);
  const request: GrowRequest = { shape, rows, features, workers, learner };
  const outcomes: GrowOutcome[] = [];
  for (let run = 0; run < bench.runs; run++) outcomes.push(await bench.ours("grow", request));
  const seconds = spread(outcomes.map(({ seconds }) => seconds));
  const peak_mb = spread(outcomes.map(({ peak_mb }) => peak_mb));
  bench.say(
    `${setting.learner}, ${shape}, ${rows} rows x ${features}, ${setting.trees} trees, ` +
      `${workers} workers: ${seconds.median.toFixed(2)} s, ${peak_mb.median.toFixed(0)} MB, ` +
      `${(peak_mb.median / (rows * features / 1e6)).toFixed(1)} times the binned data`,
  );
  return { seconds, peak_mb };
}

function settings(): Setting[] {
  return LEARNERS.flatMap((learner) => {
    const base = { learner, rows: ROWS, features: FEATURES, trees: TREES[learner], workers: 1 };
    const rows = SHAPES.flatMap((shape) =>
      [50_000, 200_000, 500_000, 2_000_000].map((rows) => (
        { ...base, series: "rows" as const, shape, rows }
      ))
    );
    const panel = { ...base, shape: "panel" as const };
    const features = [5, 10, 17, 34].map((features) => (
      { ...panel, series: "features" as const, features }
    ));
    const trees = [0.5, 1, 2, 4].map((share) => (
      { ...panel, series: "trees" as const, trees: share * TREES[learner] }
    ));
    const workers = [1, 2].map((workers) => ({ ...panel, series: "workers" as const, workers }));
    return [...rows, ...features, ...trees, ...workers];
  });
}

function learnerOf({ learner, trees }: Setting): Learner {
  return learner === "boosting"
    ? {
      algorithm: "gradient_boosting",
      parameters: { n_estimators: trees, max_leaf_nodes: 31, min_samples_leaf: 20 },
    }
    : {
      algorithm: "random_forest",
      parameters: {
        ...FOREST.parameters,
        n_estimators: trees,
      },
    };
}

import { treeLearners } from "../../lib/candidates.ts";
import type { Learner } from "../../lib/trees/mod.ts";
import { tableSize } from "../compare.ts";
import type { ModelFigures, SizedModel } from "../results.ts";
import type { ModelOutcome } from "../runs/fit_model.ts";
import type { ProductRequest } from "../runs/fit_product.ts";
import { spread } from "../statistics.ts";
import type { Bench, Suite } from "../suite.ts";
import { CACHE } from "../table.ts";

type Change = Partial<
  Record<"n_estimators" | "max_leaf_nodes" | "min_samples_leaf", number | null>
>;

const NAMES = ["rf", "gbr"] as const;
const TARGETS = { rf: { file_mb: 8, load_ms: 100 }, gbr: { file_mb: 2 } };
const UNLIMITED: Change = { max_leaf_nodes: null, min_samples_leaf: 1 };

const CURVE: Record<typeof NAMES[number], Change[]> = {
  rf: [
    ...[200, 500, 2000, 5000, 10_000, null].map((max_leaf_nodes) => ({ max_leaf_nodes })),
    ...[1, 5, 50, 100].map((min_samples_leaf) => ({ min_samples_leaf })),
  ],
  gbr: [15, 31, 63].flatMap((max_leaf_nodes) =>
    [75, 150, 300].map((n_estimators) => ({ n_estimators, max_leaf_nodes }))
  ),
};

/** The model file: size and load of the default models, and what size buys in RMSE. */
export const model: Suite = {
  about: "the model file: size, cold load, and what size buys in RMSE (slow)",
  processes: ({ runs }) =>
    NAMES.length * (1 + runs) + 1 + NAMES.reduce((sum, name) => sum + CURVE[name].length, 0),
  async measure(bench): Promise<ModelFigures> {
    const defaults: ModelFigures["defaults"] = [];
    for (const name of NAMES) {
      const sized = await fitModel(bench, name, {});
      const loads: number[] = [];
      for (let run = 0; run < bench.runs; run++) {
        loads.push((await bench.ours<{ ms: number }>("load_model", { path: PATH })).ms);
      }
      defaults.push({ ...sized, load_ms: spread(loads), targets: TARGETS[name] });
    }
    const unlimited = await fitModel(bench, "rf", UNLIMITED);
    const curve: SizedModel[] = [];
    for (const name of NAMES) {
      for (const change of CURVE[name]) curve.push(await fitModel(bench, name, change));
    }
    return { kind: "model", table: tableSize(bench.tables.time), defaults, unlimited, curve };
  },
};

const PATH = `${CACHE}/model.json`;

async function fitModel(bench: Bench, name: typeof NAMES[number], change: Change) {
  const { seasonal, folds, split } = bench.params;
  const learner = treeLearners(bench.params)[name];
  const request: ProductRequest = {
    name,
    learner: { ...learner, parameters: { ...learner.parameters, ...change } } as Learner,
    seasonal,
    folds,
    split,
    path: PATH,
  };
  const { trees, leaves, bytes, rmse } = await bench.ours<ModelOutcome>("fit_product", request);
  const words = Object.entries(change).map(([key, value]) => `${key} ${value}`).join(", ");
  const sized: SizedModel = {
    learner: name,
    change: words || "none",
    trees,
    leaves,
    file_mb: bytes / 1e6,
    validation_rmse: rmse,
  };
  bench.say(
    `${name}, change: ${sized.change}: ${sized.file_mb.toFixed(2)} MB, RMSE ${rmse.toFixed(1)}`,
  );
  return sized;
}

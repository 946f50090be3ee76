import { BOOSTING, FOREST } from "../learners.ts";
import type { Learner } from "../../lib/trees/mod.ts";
import type { PredictionFigures, PredictionModel } from "../results.ts";
import type { ModelOutcome, ModelRequest } from "../runs/fit_model.ts";
import type { PredictOutcome, PredictRequest } from "../runs/predict.ts";
import { ratio, spread } from "../statistics.ts";
import type { Bench, Suite } from "../suite.ts";
import { CACHE, randomTable, tablePath } from "../table.ts";

const BATCH = 100_000, RECORDS = 20_000;

const PEERS = [
  { name: "LightGBM", task: "predict_lightgbm", ending: "txt" },
  { name: "onnxruntime", task: "predict_onnx", ending: "onnx" },
] as const;

/** What a model must keep to: microseconds for one record. */
interface Contender {
  name: string;
  learner: Learner;
  target: number;
}

/** Speed of trained models: one record, and a batch against those that take the same trees. */
export const prediction: Suite = {
  about: "forecasts: one record, and a batch against LightGBM and onnxruntime with the same trees",
  processes: ({ runs }) => contenders().length * (3 + runs + 2 * PEERS.length * runs),
  async measure(bench): Promise<PredictionFigures> {
    const models: PredictionModel[] = [];
    for (const contender of contenders()) models.push(await measure(bench, contender));
    return { kind: "prediction", models };
  },
};

function contenders(): Contender[] {
  return [
    {
      name: "boosting, 400 trees of 63 leaves",
      learner: BOOSTING,
      target: 50,
    },
    { name: "forest, 100 trees of 7,000 leaves", learner: FOREST, target: 100 },
  ];
}

async function measure(
  bench: Bench,
  { name, learner, target }: Contender,
): Promise<PredictionModel> {
  const file = (ending: string) => `${CACHE}/prediction.${ending}`;
  const { validation_weeks } = bench.params.split;
  const model: ModelRequest = {
    table: randomTable(0),
    learner,
    name: learner.algorithm === "random_forest" ? "rf" : "gbr",
    split: { strategy: "time", validation_weeks },
    path: file("json"),
    lightgbm: file("txt"),
  };
  const { trees, leaves } = await bench.ours<ModelOutcome>("fit_model", model);
  await bench.peer("write_onnx", { text: file("txt"), model: file("onnx"), threads: 1 });

  const one: PredictRequest = { model: model.path, mode: "one", rows: RECORDS };
  const records: PredictOutcome[] = [];
  for (let run = 0; run < bench.runs; run++) records.push(await bench.ours("predict", one));
  const microseconds = spread(records.map(({ seconds }) => seconds * 1e6));
  const p99 = spread(records.map(({ p99 }) => p99 * 1e6));
  bench.say(`${name}: one record ${microseconds.median.toFixed(1)} microseconds`);

  const request: PredictRequest = { model: model.path, mode: "batch", rows: BATCH };
  const predictions = file("f64");
  await bench.ours("predict", { ...request, predictions });
  const batch: PredictionModel["batch"] = [];
  for (const { name: peer, task, ending } of PEERS) {
    const ours: number[] = [], theirs: PeerOutcome[] = [];
    let rows = 0;
    for (let run = 0; run < bench.runs; run++) {
      const outcome = await bench.ours<PredictOutcome>("predict", request);
      ours.push(outcome.seconds);
      rows = outcome.rows;
      theirs.push(
        await bench.peer(task, {
          table: tablePath(randomTable(0)),
          model: file(ending),
          predictions,
          rows: BATCH,
          threads: 1,
        }),
      );
    }
    const seconds = theirs.map(({ seconds }) => seconds);
    const found = {
      peer,
      rows,
      ours: spread(ours),
      theirs: spread(seconds),
      ratio: ratio(ours, seconds),
      max_difference: Math.max(...theirs.map(({ max_difference }) => max_difference)),
    };
    batch.push(found);
    bench.say(
      `${name}: ${rows} records ${found.ours.median.toFixed(2)} s, ${peer} ` +
        `${found.theirs.median.toFixed(2)} s, difference at most ${found.max_difference}`,
    );
  }
  return { name, trees, leaves, one: { microseconds, p99, target }, batch };
}

/** What tasks predict_* of bench/peers/run.py give. */
interface PeerOutcome {
  seconds: number;
  max_difference: number;
}

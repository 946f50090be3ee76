import { type Boosted, type BoostingData, canShare, teamCapacity } from "./boosting.ts";
import type { Tree } from "./ensemble.ts";
import {
  binForLearners,
  createOutOfBag,
  finishBoosting,
  finishForest,
  type Fitted,
  type Plan,
  planLearner,
  prepareData,
  type TrainingData,
} from "./fit.ts";
import type { OutOfBag } from "./forest.ts";
import { completeForest, type Learner } from "./parameters.ts";
import { createTeamMemory, type TeamMemory } from "./team.ts";

/** What a worker gets once. */
export interface WorkerSetup {
  learners: Plan[];
  /** For each learner: where this worker adds up forecasts of rows that trees did not draw. */
  outOfBag: (OutOfBag | undefined)[];
}

/** A piece of work: all of a boosting learner, alone or as thread `index` of a team, or one tree. */
export type WorkerTask =
  | { type: "tree"; learner: number; tree: number }
  | { type: "boost"; learner: number; team?: { memory: TeamMemory; index: number } };

/** What a worker sends: news of one more tree, or the end of its task. */
export type WorkerReply =
  | { type: "progress"; learner: number }
  | { type: "grown"; learner: number; tree: number; grown: Tree }
  | { type: "boosted"; learner: number; boosted: Boosted }
  | { type: "helped" };

/** Options of {@linkcode fitInWorkers}. */
export interface ParallelOptions {
  /** How many threads, 1 or more, default all cores; changes the time, never the result. */
  workers?: number;
  /**
   * Called after each tree with the learner's index and its number of trees so far. What it throws
   * ends the training.
   */
  onTree?: (learner: number, done: number) => void;
}

/** Below so many rows a thread waits for others longer than it works. */
const ROWS_PER_THREAD = 8192;

/**
 * Trains several learners on the same data with several threads. All threads boost together, each
 * over its share of the rows; the trees of a forest go to whichever thread is free.
 *
 * @returns One result a learner, in their order; equal to {@linkcode fit}'s for any number of workers.
 * @throws {RangeError} where the data or a parameter is not what training can use.
 * @throws what `onTree` throws.
 *
 * @example
 * ```ts
 * import { fitInWorkers } from "./mod.ts";
 * const x = Float64Array.from({ length: 100 }, (_, i) => i);
 * const data = { kinds: ["number" as const], columns: [x], targets: x.map((v) => v * v) };
 * const [forest, boosting] = await fitInWorkers(data, [
 *   { algorithm: "random_forest", parameters: { n_estimators: 20 } },
 *   { algorithm: "gradient_boosting", parameters: { learning_rate: 0.3 } },
 * ], { workers: 2 });
 * console.log(forest!.importance, boosting!.importance); // all on the one feature
 * ```
 */
export async function fitInWorkers(
  data: TrainingData,
  learners: Learner[],
  { workers = navigator.hardwareConcurrency, onTree = () => {} }: ParallelOptions = {},
): Promise<Fitted[]> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`Expected a whole number of workers, 1 or more, but found ${workers}`);
  }
  const prepared = prepareData(data, learners);
  const rows = prepared.targets.length;
  const results = new Results(learners.length, onTree);
  const teamSize = Math.min(workers, Math.max(1, Math.floor(rows / ROWS_PER_THREAD)));
  const most = learners.reduce((sum, learner) => sum + countTasks(learner), 0);
  const count = Math.max(1, Math.min(workers, Math.max(teamSize, most)));
  // Started first, so that they load their code while this thread bins.
  const pool = Array.from({ length: count }, () => startWorker(results));
  try {
    const tables = binForLearners(prepared, learners);
    const plans = learners.map((learner, i) => planLearner(learner, tables[i]!, prepared));
    const outOfBag = pool.map(() => plans.map(createOutOfBag));
    for (const [i, worker] of pool.entries()) {
      worker.setUp({ learners: plans, outOfBag: outOfBag[i]! });
    }
    const alone: WorkerTask[] = [];
    for (const [learner, plan] of plans.entries()) {
      const isShared = teamSize > 1 && plan.algorithm === "gradient_boosting" &&
        canShare(plan.data);
      if (isShared) await boostTogether(pool.slice(0, teamSize), learner, plan.data);
      else alone.push(...listTasks(plan, learner));
    }
    // The longest first, so that no worker is left alone with one at the end.
    alone.sort((a, b) => a.type.localeCompare(b.type));
    await Promise.all(pool.map(async (worker) => {
      for (let task = alone.shift(); task; task = alone.shift()) await worker.run(task);
    }));
    return plans.map((plan, i) => {
      if (plan.algorithm === "gradient_boosting") {
        return finishBoosting(plan.data, results.boosted[i]!);
      }
      const parts = outOfBag.flatMap((ofWorker) => ofWorker[i] ?? []);
      return finishForest(plan, results.trees[i]!, parts, prepared, data.targets.length);
    });
  } finally {
    // Where one has failed, the others are still at work.
    for (const worker of pool) worker.terminate();
  }
}

/** What workers have sent so far. */
class Results {
  readonly boosted: Boosted[] = [];
  readonly trees: Tree[][];
  readonly #done: number[];
  readonly #onTree: NonNullable<ParallelOptions["onTree"]>;

  constructor(learners: number, onTree: NonNullable<ParallelOptions["onTree"]>) {
    this.trees = Array.from({ length: learners }, () => []);
    this.#done = new Array<number>(learners).fill(0);
    this.#onTree = onTree;
  }

  take(reply: WorkerReply): void {
    if (reply.type === "progress") this.#onTree(reply.learner, ++this.#done[reply.learner]!);
    else if (reply.type === "grown") this.trees[reply.learner]![reply.tree] = reply.grown;
    else if (reply.type === "boosted") this.boosted[reply.learner] = reply.boosted;
  }
}

/** How many workers a learner can keep busy one by one. */
function countTasks({ algorithm, parameters }: Learner): number {
  return algorithm === "gradient_boosting" ? 1 : completeForest(parameters).n_estimators;
}

function listTasks({ algorithm, data }: Plan, learner: number): WorkerTask[] {
  if (algorithm === "gradient_boosting") return [{ type: "boost", learner }];
  return Array.from(
    { length: data.parameters.n_estimators },
    (_, tree): WorkerTask => ({ type: "tree", learner, tree }),
  );
}

async function boostTogether(
  team: TrainingWorker[],
  learner: number,
  data: BoostingData,
): Promise<void> {
  const memory = createTeamMemory(team.length, teamCapacity(data, team.length));
  await Promise.all(
    team.map((worker, index) => worker.run({ type: "boost", learner, team: { memory, index } })),
  );
}

/** A worker that does one task at a time. */
interface TrainingWorker {
  setUp(setup: WorkerSetup): void;
  run(task: WorkerTask): Promise<void>;
  terminate(): void;
}

function startWorker(results: Results): TrainingWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let finish = () => {};
  /** Rejects once the worker has failed, be it before it has anything to do, or `onTree` has. */
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => {});
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`A training worker failed: ${event.message}`));
  };
  worker.onmessageerror = () => reject(new Error("A training worker's message was not readable"));
  worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
    try {
      results.take(data);
    } catch (error) {
      reject(error);
    }
    if (data.type !== "progress") finish();
  };
  return {
    setUp: (setup) => worker.postMessage(setup),
    run(task) {
      const done = new Promise<void>((resolve) => finish = resolve);
      worker.postMessage(task);
      return Promise.race([done, failure]);
    },
    terminate: () => worker.terminate(),
  };
}

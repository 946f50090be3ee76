import type { BinnedTable } from "./binned_table.ts";
import { type Boosted, type BoostingData, canShare, CHUNKS, teamCapacity } from "./boosting.ts";
import type { Tree } from "./ensemble.ts";
import {
  assemble,
  binForLearners,
  createOutOfBag,
  type Fitted,
  prepareData,
  type PreparedData,
  scoreOutOfBag,
  type TrainingData,
} from "./fit.ts";
import { type ForestData, type OutOfBag, prepareForest } from "./forest.ts";
import { completeBoosting, completeForest, type Learner } from "./parameters.ts";
import { createTeamMemory, type TeamMemory } from "./team.ts";

/** A learner with its data, ready to be sent to workers: what is large stands in shared memory. */
export type WorkerLearner =
  | { algorithm: "random_forest"; data: ForestData; base: number }
  | { algorithm: "gradient_boosting"; data: BoostingData };

/** What a worker gets once. */
export interface WorkerSetup {
  learners: WorkerLearner[];
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
  /** How many threads; changes the time it takes, never the result. */
  workers?: number;
  /** Called after each tree with the learner's index and its number of trees so far. */
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
  const prepared = prepareData(data, learners);
  const tables = binForLearners(prepared, learners);
  const plans = learners.map((learner, i) => planLearner(learner, tables[i]!, prepared));
  const rows = prepared.targets.length;
  const teamSize = Math.min(workers, CHUNKS, Math.max(1, Math.floor(rows / ROWS_PER_THREAD)));
  const shared = (index: number) => {
    const { algorithm, data } = plans[index]!;
    return teamSize > 1 && algorithm === "gradient_boosting" &&
      canShare(data.parameters, data.table.features.length);
  };
  const tasks = listTasks(plans, shared);
  const together = [...plans.keys()].filter(shared);
  const count = Math.max(1, together.length > 0 ? teamSize : 0, Math.min(workers, tasks.length));

  const done = learners.map(() => 0);
  const trees: Tree[][] = learners.map(() => []);
  const boosted: Boosted[] = [];
  const handle = (reply: WorkerReply) => {
    if (reply.type === "progress") onTree(reply.learner, ++done[reply.learner]!);
    else if (reply.type === "grown") trees[reply.learner]![reply.tree] = reply.grown;
    else if (reply.type === "boosted") boosted[reply.learner] = reply.boosted;
  };
  const outOfBag = Array.from(
    { length: count },
    () =>
      plans.map((plan) =>
        plan.algorithm === "random_forest" && plan.data.parameters.oob_score
          ? createOutOfBag(rows)
          : undefined
      ),
  );
  const pool = outOfBag.map((mine) => startWorker({ learners: plans, outOfBag: mine }, handle));
  try {
    for (const learner of together) {
      const memory = createTeamMemory(teamSize, teamCapacity(tables[learner]!));
      const team = pool.slice(0, teamSize);
      await Promise.all(
        team.map((worker, index) =>
          worker.run({ type: "boost", learner, team: { memory, index } })
        ),
      );
    }
    await Promise.all(pool.map(async (worker) => {
      for (let task = tasks.shift(); task; task = tasks.shift()) await worker.run(task);
    }));
  } finally {
    // Where one has failed, the others are still at work.
    for (const worker of pool) worker.terminate();
  }

  return plans.map((plan, i): Fitted => {
    const table = tables[i]!;
    if (plan.algorithm === "gradient_boosting") {
      const { validationLoss, ...grown } = boosted[i]!;
      const fitted = assemble("sum", table, grown);
      return validationLoss ? { ...fitted, validationLoss } : fitted;
    }
    const { base, data: { leafStep } } = plan;
    const fitted = assemble("mean", table, { trees: trees[i]!, base, leafStep });
    const parts = outOfBag.flatMap((mine) => mine[i] ?? []);
    if (parts.length === 0) return fitted;
    return { ...fitted, oob: scoreOutOfBag(parts, base, prepared, data.targets.length) };
  });
}

function planLearner(
  { algorithm, parameters }: Learner,
  table: BinnedTable,
  { targets, weights, validation }: PreparedData,
): WorkerLearner {
  if (algorithm === "gradient_boosting") {
    const complete = completeBoosting(parameters);
    return { algorithm, data: { table, targets, weights, validation, parameters: complete } };
  }
  return { algorithm, ...prepareForest(table, targets, weights, completeForest(parameters)) };
}

/** The longest tasks first, so that no worker is left alone with one at the end. */
function listTasks(plans: WorkerLearner[], shared: (learner: number) => boolean): WorkerTask[] {
  const boosting: WorkerTask[] = [], forest: WorkerTask[] = [];
  for (const [learner, { algorithm, data }] of plans.entries()) {
    if (algorithm === "gradient_boosting") {
      if (!shared(learner)) boosting.push({ type: "boost", learner });
    } else {
      for (let tree = 0; tree < data.parameters.n_estimators; tree++) {
        forest.push({ type: "tree", learner, tree });
      }
    }
  }
  return [...boosting, ...forest];
}

/** Starts a worker that does one task at a time. */
function startWorker(setup: WorkerSetup, handle: (reply: WorkerReply) => void) {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let finish = () => {};
  let fail = (_error: Error) => {};
  worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
    handle(data);
    if (data.type !== "progress") finish();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(new Error(`A training worker failed: ${event.message}`));
  };
  worker.onmessageerror = () => fail(new Error("A training worker's message was not readable"));
  worker.postMessage(setup);
  return {
    run(task: WorkerTask): Promise<void> {
      return new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
        worker.postMessage(task);
      });
    },
    terminate: () => worker.terminate(),
  };
}

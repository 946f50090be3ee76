import type { BinnedTable } from "./binning.ts";
import type { Tree } from "./ensemble.ts";
import { assemble, binTrainingData, type Fitted, type Learner, type TrainingData } from "./fit.ts";

/** What a worker gets once. Bins and targets stand in shared memory. */
export interface WorkerSetup {
  learners: Learner[];
  /** The table of each learner. */
  tables: BinnedTable[];
  targets: Float64Array;
}

/** A piece of work: all of a boosting learner, or one tree of a forest. */
export interface WorkerTask {
  learner: number;
  tree: number;
}

/** What a worker sends: news of one more tree, or the end of its task. */
export type WorkerReply =
  | { type: "tree"; learner: number }
  | { type: "done"; task: WorkerTask; trees: Tree[]; base: number };

/** Options of {@linkcode fitInWorkers}. */
export interface ParallelOptions {
  /** How many threads; changes the time it takes, never the result. */
  workers?: number;
  /** Called after each tree with the learner's index and its number of trees so far. */
  onTree?: (learner: number, done: number) => void;
}

/**
 * Trains several learners on the same data at the same time. A boosting learner's trees follow from
 * each other, so it occupies one worker; the trees of a forest go to whichever worker is free.
 *
 * @returns One result a learner, in their order; equal to {@linkcode fit}'s for any number of workers.
 * @throws {RangeError} where there are no rows.
 */
export async function fitInWorkers(
  data: TrainingData,
  learners: Learner[],
  { workers = navigator.hardwareConcurrency, onTree = () => {} }: ParallelOptions = {},
): Promise<Fitted[]> {
  const tablesByBins = new Map<number, BinnedTable>();
  const tables = learners.map(({ parameters: { max_bins } }) => {
    const table = tablesByBins.get(max_bins) ?? binTrainingData(data, max_bins);
    tablesByBins.set(max_bins, table);
    return table;
  });
  const targets = new Float64Array(new SharedArrayBuffer(data.targets.length * 8));
  targets.set(data.targets);
  const setup: WorkerSetup = { learners, tables, targets };

  const tasks = listTasks(learners);
  const trees: Tree[][] = learners.map(() => []);
  const bases = learners.map(() => 0);
  const done = learners.map(() => 0);
  const handle = (reply: WorkerReply) => {
    if (reply.type === "done") {
      const { learner, tree } = reply.task;
      for (const [index, grown] of reply.trees.entries()) trees[learner]![tree + index] = grown;
      bases[learner] = reply.base;
    } else onTree(reply.learner, ++done[reply.learner]!);
  };
  const count = Math.max(1, Math.min(workers, tasks.length));
  const pool = Array.from({ length: count }, startWorker);
  try {
    await Promise.all(pool.map((worker) => runTasks(worker, setup, tasks, handle)));
  } finally {
    // Where one has failed, the others are still at work.
    for (const worker of pool) worker.terminate();
  }
  return learners.map((learner, i) => assemble(learner, tables[i]!, trees[i]!, bases[i]!));
}

/** The longest tasks first, so that no worker is left alone with one at the end. */
function listTasks(learners: Learner[]): WorkerTask[] {
  const boosting: WorkerTask[] = [], forest: WorkerTask[] = [];
  for (const [learner, { algorithm, parameters }] of learners.entries()) {
    if (algorithm === "gradient_boosting") boosting.push({ learner, tree: 0 });
    else for (let tree = 0; tree < parameters.n_estimators; tree++) forest.push({ learner, tree });
  }
  return [...boosting, ...forest];
}

function startWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** Keeps a worker busy until `tasks`, which all workers take from, is empty. */
function runTasks(
  worker: Worker,
  setup: WorkerSetup,
  tasks: WorkerTask[],
  handle: (reply: WorkerReply) => void,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const next = () => {
      const task = tasks.shift();
      if (task) worker.postMessage(task);
      else resolve();
    };
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      handle(data);
      if (data.type === "done") next();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`A training worker failed: ${event.message}`));
    };
    worker.onmessageerror = () => reject(new Error("A training worker's message was not readable"));
    worker.postMessage(setup);
    next();
  });
}

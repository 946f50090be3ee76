/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { growBoosting } from "./boosting.ts";
import type { Tree } from "./ensemble.ts";
import { createForestGrower } from "./forest.ts";
import type { WorkerReply, WorkerSetup, WorkerTask } from "./parallel.ts";
import { joinTeam } from "./team.ts";

let setup: WorkerSetup;
const growers = new Map<number, ReturnType<typeof createForestGrower>>();

self.onmessage = ({ data }: MessageEvent<WorkerSetup | WorkerTask>) => {
  if ("learners" in data) setup = data;
  else run(data);
};

function send(reply: WorkerReply, transfer: ArrayBuffer[] = []): void {
  self.postMessage(reply, transfer);
}

/** The memory of a tree, which is handed over and not copied: a deep tree has megabytes. */
function buffersOf(tree: Tree): ArrayBuffer[] {
  return Object.values(tree).map((array: Tree[keyof Tree]) => array.buffer as ArrayBuffer);
}

function run(task: WorkerTask): void {
  const { learner } = task;
  const plan = setup.learners[learner]!;
  const progress = () => send({ type: "progress", learner });
  if (plan.algorithm === "gradient_boosting" && task.type === "boost") {
    const team = task.team && joinTeam(task.team.memory, task.team.index);
    const isFirst = !team || team.index === 0;
    const boosted = growBoosting(plan.data, team, isFirst ? progress : undefined);
    send(isFirst ? { type: "boosted", learner, boosted } : { type: "helped" });
  } else if (plan.algorithm === "random_forest" && task.type === "tree") {
    const grow = growers.get(learner) ?? createForestGrower(plan.data, setup.outOfBag[learner]);
    growers.set(learner, grow);
    const grown = grow(task.tree);
    progress();
    send({ type: "grown", learner, tree: task.tree, grown }, buffersOf(grown));
  }
}

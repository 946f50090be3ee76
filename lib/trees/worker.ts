/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { growBoosting } from "./boosting.ts";
import { growForestTree } from "./forest.ts";
import type { WorkerReply, WorkerSetup, WorkerTask } from "./parallel.ts";

let setup: WorkerSetup | undefined;

self.onmessage = ({ data }: MessageEvent<WorkerSetup | WorkerTask>) => {
  if ("learners" in data) setup = data;
  else run(setup!, data);
};

function run({ learners, tables, targets }: WorkerSetup, task: WorkerTask): void {
  const { algorithm, parameters } = learners[task.learner]!;
  const table = tables[task.learner]!;
  const send = (reply: WorkerReply) => self.postMessage(reply);
  const onTree = () => send({ type: "tree", learner: task.learner });
  if (algorithm === "gradient_boosting") {
    send({ type: "done", task, ...growBoosting(table, targets, parameters, onTree) });
  } else {
    const trees = [growForestTree(table, targets, parameters, task.tree)];
    onTree();
    send({ type: "done", task, trees, base: 0 });
  }
}

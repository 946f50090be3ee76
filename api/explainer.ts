import type { Ensemble } from "../lib/trees/ensemble.ts";
import type { ShapReply, ShapTask } from "../lib/trees/shap_worker.ts";
import { type TreeShap, treeShap } from "../lib/trees/tree_shap.ts";
import { Problem } from "./problem.ts";

/** Seconds that one request's explanation may take. */
const BUDGET = 10;

/** Requests that wait for the thread at most. */
const MOST_WAITING = 16;

/** Ensembles that the thread keeps; models that were replaced are forgotten. */
const MOST_ENSEMBLES = 8;

/** Takes forecasts apart, one request after the other; see `treeShap()`. */
export type Explainer = (ensemble: Ensemble, columns: Float64Array[]) => Promise<TreeShap>;

/**
 * Makes an explainer with a thread of its own, which is started by the first request and ended where
 * one takes too long. Where the platform has no threads, it works on this one.
 *
 * @param budget In seconds.
 */
export function createExplainer(budget = BUDGET): Explainer {
  let worker: Worker | undefined;
  /** Numbers of the ensembles that the thread has, the one used last at the end. */
  let known = new Map<Ensemble, number>();
  let nextId = 0, waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  const start = () => {
    known = new Map();
    // Deno finds the file at once by its address: it is read with the program.
    return new Worker(new URL("../lib/trees/shap_worker.ts", import.meta.url), { type: "module" });
  };
  const stop = () => {
    worker?.terminate();
    worker = undefined;
  };
  const send = (ensemble: Ensemble, columns: Float64Array[]): Promise<TreeShap> => {
    const thread = worker ??= start();
    const id = known.get(ensemble) ?? nextId++;
    const isNew = !known.delete(ensemble);
    known.set(ensemble, id);
    const forget: number[] = [];
    for (const [old, number] of known) {
      if (known.size <= MOST_ENSEMBLES) break;
      forget.push(number);
      known.delete(old);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(
          new Problem(
            503,
            `Expected contributions within ${budget} s, but they took longer. Ask for fewer ` +
              "records at a time.",
            { retryAfter: 1 },
          ),
        );
      }, 1000 * budget);
      thread.onmessage = ({ data }: MessageEvent<ShapReply>) => {
        clearTimeout(timer);
        resolve(data);
      };
      thread.onerror = (event) => {
        event.preventDefault();
        clearTimeout(timer);
        stop();
        reject(new Error(event.message));
      };
      const task: ShapTask = { ensembleId: id, columns, forget, ...isNew && { ensemble } };
      thread.postMessage(task);
    });
  };

  return async (ensemble, columns) => {
    if (typeof Worker === "undefined") return treeShap(ensemble, columns);
    if (waiting >= MOST_WAITING) {
      throw new Problem(
        429,
        `Expected at most ${MOST_WAITING} requests for contributions at once. Try again later.`,
        { retryAfter: 2 },
      );
    }
    waiting++;
    const turn = last.then(() => send(ensemble, columns));
    last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      waiting--;
    }
  };
}

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import type { Ensemble } from "./ensemble.ts";
import { type TreeShap, treeShap } from "./tree_shap.ts";

/** What a thread that takes forecasts apart is sent. */
export interface ShapTask {
  /** Of the ensemble, which is sent with the first task for it. */
  ensembleId: number;
  ensemble?: Ensemble;
  columns: Float64Array[];
  /** Ensembles of which no more tasks will come. */
  forget: number[];
}

/** What it answers. */
export type ShapReply = TreeShap;

const ensembles = new Map<number, Ensemble>();

self.onmessage = ({ data }: MessageEvent<ShapTask>) => {
  const { ensembleId, ensemble, columns, forget } = data;
  for (const id of forget) ensembles.delete(id);
  if (ensemble) ensembles.set(ensembleId, ensemble);
  self.postMessage(treeShap(ensembles.get(ensembleId)!, columns) satisfies ShapReply);
};

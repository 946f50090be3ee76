import type { Learner } from "../../lib/trees/mod.ts";
import { type Case, comparisonSuite, type FitInput } from "../compare.ts";

const CATEGORIES: FitInput = { categories: true, fill: false };
const NUMBERS: FitInput = { categories: false, fill: false };
const MIN_SAMPLES_LEAF = 20, LEARNING_RATE = 0.1, MAX_BINS = 255;

/** Who to compare with, by a task of bench/peers/run.py. */
interface Peer {
  name: string;
  task: string;
  parameters: object;
}

/** Gradient boosting against LightGBM and scikit-learn's HistGradientBoosting. */
export const boosting = comparisonSuite(
  "gradient boosting against LightGBM and HistGradientBoosting",
  () => [[100, 31], [400, 63]].flatMap(([trees, leaves]) => casesOf(trees!, leaves!)),
);

function casesOf(trees: number, leaves: number): Case[] {
  const learner: Learner = {
    algorithm: "gradient_boosting",
    parameters: {
      n_estimators: trees,
      max_leaf_nodes: leaves,
      min_samples_leaf: MIN_SAMPLES_LEAF,
      learning_rate: LEARNING_RATE,
      max_bins: MAX_BINS,
    },
  };
  const lightgbm: Peer = {
    name: "LightGBM",
    task: "lightgbm",
    parameters: {
      objective: "regression",
      num_iterations: trees,
      num_leaves: leaves,
      min_data_in_leaf: MIN_SAMPLES_LEAF,
      learning_rate: LEARNING_RATE,
      max_bin: MAX_BINS,
    },
  };
  const histogram: Peer = {
    name: "HistGradientBoosting",
    task: "hist_gradient_boosting",
    parameters: {
      max_iter: trees,
      max_leaf_nodes: leaves,
      min_samples_leaf: MIN_SAMPLES_LEAF,
      learning_rate: LEARNING_RATE,
      max_bins: MAX_BINS,
    },
  };
  const workload = `${trees} trees of ${leaves} leaves`;
  const compare = (threads: number, peer: Peer, input: FitInput): Case => ({
    workload,
    threads,
    target: 1,
    ours: { ...input, learner },
    peer: { ...input, ...peer },
  });
  return [1, 2].flatMap((threads) => [
    compare(threads, lightgbm, CATEGORIES),
    compare(threads, lightgbm, NUMBERS),
    compare(threads, histogram, CATEGORIES),
  ]);
}

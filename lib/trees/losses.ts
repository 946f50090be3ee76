import type { Loss } from "./parameters.ts";
import { weightedQuantile, type WeightedValues } from "./weighted_quantile.ts";

/**
 * What boosting needs to know of a loss other than the squared error (Friedman 2001). Rows are given
 * by their residuals and weights.
 */
export interface LossFunction {
  /** The constant that fits these targets best. */
  constant(rows: WeightedValues): number;
  /** Called before each round with all residuals. */
  begin(rows: WeightedValues): void;
  /** By how much, and in which direction, a forecast is to change: the loss's negative gradient. */
  gradient(residual: number): number;
  /** What to add to the forecasts of a leaf's rows. */
  leaf(rows: WeightedValues): number;
  /** The loss of one row. */
  loss(residual: number): number;
}

/** The functions of a loss. */
export function createLoss(loss: Exclude<Loss, "squared_error">, alpha: number): LossFunction {
  if (loss === "huber") return createHuber(alpha);
  const level = loss === "quantile" ? alpha : 0.5;
  const quantile = (rows: WeightedValues) => weightedQuantile(rows, level);
  return {
    constant: quantile,
    begin() {},
    gradient: (residual) => residual > 0 ? level : level - 1,
    leaf: quantile,
    loss: (residual) => (residual > 0 ? level : level - 1) * residual,
  };
}

function createHuber(alpha: number): LossFunction {
  let delta = 0;
  /** The first round's, so that losses of different rounds can be compared. */
  let first: number | undefined;
  const clip = (residual: number) => Math.min(Math.max(residual, -delta), delta);
  return {
    constant: (rows) => weightedQuantile(rows, 0.5),
    begin({ values, weights }) {
      delta = weightedQuantile({ values: values.map(Math.abs), weights }, alpha);
      first ??= delta;
    },
    gradient: clip,
    leaf({ values, weights }) {
      const median = weightedQuantile({ values, weights }, 0.5);
      let sum = 0, total = 0;
      for (let i = 0; i < values.length; i++) {
        const weight = weights ? weights[i]! : 1;
        sum += weight * clip(values[i]! - median);
        total += weight;
      }
      return median + sum / total;
    },
    loss(residual) {
      const size = Math.abs(residual), edge = first ?? 0;
      return size <= edge ? size * size / 2 : edge * (size - edge / 2);
    },
  };
}

import type { ResultSet } from "./result_set.ts";

/** Some figures with a WMAE; the others follow from it. */
export function figuresOf(wmae: number) {
  return { rmse: 2 * wmae, mae: wmae - 10, wmae, r2: 0.98, n: 100 };
}

/** Results of two models and the baseline; `rf` is chosen, with a WMAE of 1,000 against 1,500. */
export function someResults(): ResultSet {
  const facts = { md5: "d9167be6d6fecb499d74f64c8f93fd15", size: 1234567 };
  const parameters = { "split.strategy": "time", "rf.n_estimators": 60, "gbr.max_depth": null };
  const slices = { holiday: { holiday: figuresOf(1100), other: figuresOf(900) } };
  return {
    best: {
      model: "rf",
      split: "time",
      validation: "last 39 weeks",
      selected_by: "wmae",
      chosen_on: "folds",
    },
    figures: {
      rf: { folds: figuresOf(1010), val: figuresOf(1000) },
      gbr: { folds: figuresOf(1200), val: figuresOf(1210) },
      seasonal_naive: { folds: figuresOf(1490), val: figuresOf(1500) },
    },
    slices: {
      rf: slices,
      gbr: slices,
      seasonal_naive: { holiday: { holiday: figuresOf(2200), other: figuresOf(1800) } },
    },
    weeks: {
      week: [1, 2, 3],
      actual: [100, 200, 400],
      rf: [110, 200, 400],
      gbr: [100, 100, 400],
      seasonal_naive: [100, 200, 200],
    },
    parameters: { ...parameters, "registry.margin": 0.005 },
    data: { "data/train.csv": facts },
    made: {
      parameters,
      data: { "data/train.csv": facts },
      programs: { "lib/trees/fit.ts": { md5: "0c8f", size: 1 } },
      outdated: [],
    },
    promotion: undefined,
  };
}

import { type Case, comparisonSuite } from "../compare.ts";

const TREES = 2, TEST_ROWS = 2000;

/** Random forest against the one of npm, as far as that can go. */
export const mlRandomForest = comparisonSuite(
  "random forest against npm's ml-random-forest, on few rows (slow)",
  () =>
    [2000, 4000, 8000].map((train): Case => {
      const rows = { train, test: TEST_ROWS };
      return {
        workload: `${TREES} trees without limits`,
        threads: 1,
        target: 1,
        ours: {
          categories: true,
          fill: false,
          rows,
          learner: { algorithm: "random_forest", parameters: { n_estimators: TREES } },
        },
        peer: {
          name: "ml-random-forest",
          script: "ml_random_forest",
          trees: TREES,
          // It takes neither categories nor missing values.
          categories: false,
          fill: true,
          rows,
        },
      };
    }),
);

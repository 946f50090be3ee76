import type { PredictionFigures } from "../results.ts";
import { spreadText, table, verdict, whole } from "./table.ts";

/** Paragraphs for the suite `prediction`. */
export function renderPrediction({ models }: PredictionFigures): string[] {
  return [
    "One record, in-process, after warming up: the middle of many records, and what 99 of 100 stay " +
    "below.",
    table(
      ["model", "trees:", "leaves:", "microseconds:", "99 %:", "target"],
      models.map(({ name, trees, leaves, one }) => [
        name,
        whole(trees),
        whole(leaves),
        spreadText(one.microseconds),
        spreadText(one.p99),
        verdict(one.microseconds.median, one.target),
      ]),
    ),
    "A batch on one thread: every side predicts with the very same trees, which LightGBM reads from " +
    "its own text format and onnxruntime from a TreeEnsemble in double. The difference shows that " +
    "the forecasts are the same.",
    table(
      ["model", "peer", "records:", "ours s:", "theirs s:", "ratio:", "target", "difference, USD:"],
      models.flatMap(({ name, batch }) =>
        batch.map(({ peer, rows, ours, theirs, ratio, max_difference }) => [
          name,
          peer,
          whole(rows),
          spreadText(ours),
          spreadText(theirs),
          spreadText(ratio),
          verdict(ratio.median, 1),
          max_difference === 0 ? "0" : max_difference.toExponential(1),
        ])
      ),
    ),
  ];
}

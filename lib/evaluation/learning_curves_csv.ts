import { UserError } from "../errors.ts";
import { readTextFile } from "../files.ts";
import { CURVE_METRICS, type CurvePoint } from "./learning_curve.ts";
import { roundMetric } from "./metrics.ts";

/** A line of metrics/learning_curves.csv. */
export interface LearningPoint extends CurvePoint {
  /** Name of the model, for example `gbr`. */
  model: string;
}

const HEADER = ["model", "trees", ...CURVE_METRICS].join(",");

/** One positive count, then amounts of USD as JavaScript writes them. */
const LINE = new RegExp(
  `^(\\w+),([1-9]\\d*)${",(\\d+(?:\\.\\d+)?)".repeat(CURVE_METRICS.length)}$`,
);

/**
 * Learning curves as CSV: `model,trees,rmse,mae,wmae`, one line a point, errors in USD a week, each
 * through {@linkcode roundMetric}. Without any point just the header.
 *
 * @param curves Points by name of the model.
 */
export function learningCurvesCsv(curves: Readonly<Record<string, readonly CurvePoint[]>>): string {
  const lines = Object.entries(curves).flatMap(([model, points]) =>
    points.map((point) =>
      [model, point.trees, ...CURVE_METRICS.map((metric) => roundMetric(point[metric]))].join(",")
    )
  );
  return [HEADER, ...lines].join("\n") + "\n";
}

/**
 * Reads metrics/learning_curves.csv.
 *
 * @returns Points in the order of the file: model by model, each from its first tree to its last.
 * @throws {UserError} where the file is missing or damaged, naming the line.
 *
 * @example
 * ```ts
 * import { readLearningCurves } from "./learning_curves_csv.ts";
 * const points = await readLearningCurves("metrics/learning_curves.csv");
 * console.log(points.filter(({ model }) => model === "gbr").map(({ wmae }) => wmae));
 * ```
 */
export async function readLearningCurves(path: string): Promise<LearningPoint[]> {
  const text = await readTextFile(path, "Run `deno task repro` to make it.");
  const [header, ...lines] = text.trimEnd().split("\n");
  if (header !== HEADER) throw damaged(path, 1, HEADER, header!);
  return lines.map((line, index) => {
    const match = LINE.exec(line);
    if (match === null) throw damaged(path, index + 2, "a model, a count and errors", line);
    const [model, trees, ...errors] = match.slice(1);
    const [rmse, mae, wmae] = errors.map(Number);
    return { model: model!, trees: Number(trees), rmse: rmse!, mae: mae!, wmae: wmae! };
  });
}

function damaged(path: string, line: number, expected: string, found: string): UserError {
  return new UserError(
    `${path}, line ${line}: expected ${expected}, but found "${found.slice(0, 100)}". ` +
      "Run `deno task repro` to make it anew.",
  );
}

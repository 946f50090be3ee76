import type { TrainingData } from "../mod.ts";
import { createRandom } from "../random.ts";

/**
 * Rows with a number that matters, a category that does, a number with gaps that says something by
 * its gaps, and a number that says nothing. No two targets are the same.
 */
export function signalTable(rows: number, seed = 1): TrainingData {
  const random = createRandom(seed);
  const uniform = () => random.integer(2 ** 32) / 2 ** 32;
  const draw = (values: number) =>
    Float64Array.from({ length: rows }, () => random.integer(values));
  const [x, category, gaps, idle] = [draw(200), draw(6), draw(50), draw(30)];
  for (let row = 0; row < rows; row++) if (random.integer(4) === 0) gaps[row] = NaN;
  const targets = x.map((value, row) =>
    value / 10 + (category[row]! % 3) * 4 + (Number.isNaN(gaps[row]!) ? 3 : 0) + uniform()
  );
  return {
    kinds: ["number", "category", "number", "number"],
    columns: [x, category, gaps, idle],
    targets,
  };
}

/** The rows with these numbers, repeats allowed. */
export function takeRows(data: TrainingData, rows: number[]): TrainingData {
  const { kinds, columns, targets, weights } = data;
  const take = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return {
    kinds,
    columns: columns.map(take),
    targets: take(targets),
    ...(weights ? { weights: take(weights) } : {}),
  };
}

/** What each column has at `row`. */
export function recordAt(columns: Float64Array[], row: number): number[] {
  return columns.map((column) => column[row]!);
}

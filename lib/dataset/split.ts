import { UserError } from "../errors.ts";
import type { Params } from "../params_schema.ts";
import { createRandom } from "../trees/random.ts";

/**
 * Which rows validate: 1 for validation, 0 for training.
 *
 * `time`: the last `validation_weeks` weeks of the calendar, as in forecasting. `random`: a seeded
 * choice of `validation_fraction` of the rows, whatever their week; its figures say how well gaps are
 * filled, not how well the future is forecast.
 *
 * @param days The week of each row, in days since 1970-01-01.
 * @throws {UserError} where one side would be empty.
 */
export function chooseValidation(days: Int32Array, split: Params["split"]): Uint8Array {
  const chosen = split.strategy === "time"
    ? lastWeeks(days, split.validation_weeks)
    : randomRows(days.length, split.validation_fraction, split.seed);
  const rows = chosen.reduce((sum, mark) => sum + mark, 0);
  if (rows === 0 || rows === days.length) {
    const [key, value] = split.strategy === "time"
      ? ["validation_weeks", split.validation_weeks]
      : ["validation_fraction", split.validation_fraction];
    throw new UserError(
      `params.yaml: split.${key} is ${value}, which leaves no rows for ` +
        `${rows === 0 ? "validation" : "training"} out of ${countWeeks(days)} weeks and ` +
        `${days.length} rows. Choose a ${rows === 0 ? "larger" : "smaller"} one.`,
    );
  }
  return chosen;
}

function lastWeeks(days: Int32Array, weeks: number): Uint8Array {
  const last = days.reduce((a, b) => Math.max(a, b), -Infinity);
  const marks = new Uint8Array(days.length);
  for (const [row, day] of days.entries()) marks[row] = day > last - 7 * weeks ? 1 : 0;
  return marks;
}

function randomRows(length: number, fraction: number, seed: number): Uint8Array {
  const size = Math.round(fraction * length);
  const marks = new Uint8Array(length);
  for (const row of createRandom(seed).shuffle(length, size).subarray(0, size)) marks[row] = 1;
  return marks;
}

/** Number of distinct weeks. */
export function countWeeks(days: Int32Array): number {
  return new Set(days).size;
}

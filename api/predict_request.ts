import { show } from "../lib/features/check_value.ts";
import { type Level, LEVELS } from "../lib/intervals/conformal.ts";
import { Problem, type ProblemError } from "./problem.ts";

/** What `POST /predict` is asked. */
export interface PredictRequest {
  modelName: string | undefined;
  /** Not checked yet. */
  records: unknown[];
  levels: readonly Level[];
  contributions: boolean;
}

/** Most records whose forecasts are taken apart in one request: each takes some milliseconds. */
export const MAX_EXPLAINED = 100;

/** The levels of intervals as requests name them, in percent. */
export const PERCENTS = LEVELS.map(percentOf);

/** A level in percent. */
export function percentOf(level: Level): number {
  return Math.round(100 * level);
}

/** The level of so many percent, if there is one. */
export function levelOf(percent: unknown): Level | undefined {
  return LEVELS.find((level) => percentOf(level) === percent);
}

/** What the bounds of intervals are called where each is a value of its own, such as `lower_80`. */
export const BOUNDS = PERCENTS.flatMap((percent) => [`lower_${percent}`, `upper_${percent}`]);

const FIELDS = ["model_name", "records", "intervals", "contributions"];

/**
 * Reads the body of `POST /predict`, but for what is in its records.
 *
 * @throws {Problem} 422 with all that is wrong, 413 where there are too many records.
 *
 * @example
 * ```ts
 * import { readPredictRequest } from "./predict_request.ts";
 * console.log(readPredictRequest({ records: [{}], intervals: [80] }, 10).levels); // [ 0.8 ]
 * ```
 */
export function readPredictRequest(body: unknown, maxRecords: number): PredictRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Problem(422, `Expected an object with records as the body, but found ${show(body)}.`);
  }
  const { model_name, records, intervals, contributions } = body as Record<string, unknown>;
  const errors: ProblemError[] = [];
  const expect = (field: string, expected: string, value: unknown) => {
    const isMissing = value === undefined;
    errors.push({
      field,
      code: isMissing ? "missing" : "wrong_type",
      message: `Expected ${expected} for ${field}, but found ${
        isMissing ? "nothing" : show(value)
      }.`,
    });
  };
  const isAbsent = (value: unknown) => value === undefined || value === null;
  if (!isAbsent(model_name) && typeof model_name !== "string") {
    expect("model_name", "the name of a model", model_name);
  }
  if (!Array.isArray(records)) expect("records", "a list of records", records);
  else if (records.length === 0) {
    errors.push({
      field: "records",
      code: "missing",
      message: "Expected at least one record, but found none.",
    });
  }
  if (!isAbsent(contributions) && typeof contributions !== "boolean") {
    expect("contributions", "true or false", contributions);
  }
  const levels = readLevels(intervals);
  if (!levels) expect("intervals", `true, false or some of ${PERCENTS.join(", ")}`, intervals);
  for (const name of Object.keys(body)) {
    if (FIELDS.includes(name)) continue;
    errors.push({
      field: name.slice(0, 60),
      code: "unknown_field",
      message: `Expected only the fields ${FIELDS.join(", ")}, but found ${show(name)} too.`,
    });
    if (errors.length >= 100) break;
  }
  if (errors.length > 0) throw new Problem(422, errors[0]!.message, { errors });
  const request: PredictRequest = {
    modelName: (model_name ?? undefined) as string | undefined,
    records: records as unknown[],
    levels: levels!,
    contributions: contributions === true,
  };
  const most = request.contributions ? Math.min(MAX_EXPLAINED, maxRecords) : maxRecords;
  if (request.records.length > most) {
    throw new Problem(
      413,
      `Expected at most ${most} records in a request${
        request.contributions ? " for contributions" : ""
      }, but found ${request.records.length}. Send fewer at a time${
        request.contributions ? "" : ", or stream them to /predict/batch"
      }.`,
    );
  }
  return request;
}

function readLevels(intervals: unknown): readonly Level[] | undefined {
  if (intervals === true) return LEVELS;
  if (intervals === undefined || intervals === null || intervals === false) return [];
  if (!Array.isArray(intervals) || intervals.length > LEVELS.length) return undefined;
  const levels = intervals.map(levelOf);
  const isWhole = levels.every((level) => level !== undefined);
  return isWhole && new Set(levels).size === levels.length ? levels as Level[] : undefined;
}

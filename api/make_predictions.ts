import { emptyColumns, readRecords, type RecordError } from "../lib/features/read_records.ts";
import type { FeatureColumns } from "../lib/features/table.ts";
import { findWeek } from "../lib/features/week.ts";
import type { Level } from "../lib/intervals/conformal.ts";
import type { Model } from "../lib/model/model.ts";
import { forecast, intervals, makeWorkspace, type Workspace } from "../lib/model/predict.ts";
import { percentOf } from "./predict_request.ts";
import { othersTurn } from "./turns.ts";

/** Bounds of intervals, one a record, in USD. */
export interface Interval {
  /** In percent. */
  level: number;
  lower: number[];
  upper: number[];
}

/** Forecasts of records. */
export interface Predictions {
  /** Weekly_Sales in USD, one a record. */
  predictions: number[];
  /** One a level that was asked for. */
  intervals: Interval[];
}

/** Most errors of records that an answer tells. */
export const MAX_ERRORS = 100;

/** So many records are forecast before other requests have their turn. */
const TURN = 2_000;

/**
 * Forecasts records, all or none; other requests have their turn between every few thousand.
 *
 * @returns What is wrong with the records, where anything is, in `errors`.
 */
export function makePredictions(
  model: Model,
  records: readonly unknown[],
  levels: readonly Level[],
): Made | Promise<Made> {
  return records.length <= TURN
    ? predictTurn(model, records, levels)
    : predictTurns(model, records, levels);
}

/** Forecasts, or what is wrong with the records. */
type Made = Predictions | { errors: RecordError[] };

async function predictTurns(
  model: Model,
  records: readonly unknown[],
  levels: readonly Level[],
): Promise<Made> {
  const made: Predictions[] = [];
  const errors: RecordError[] = [];
  for (let start = 0; start < records.length && errors.length < MAX_ERRORS; start += TURN) {
    const turn = predictTurn(model, records.slice(start, start + TURN), levels);
    if ("errors" in turn) {
      errors.push(...turn.errors.map((error) => ({ ...error, record: start + error.record })));
    } else made.push(turn);
    await othersTurn();
  }
  if (errors.length > 0) return { errors: errors.slice(0, MAX_ERRORS) };
  return {
    predictions: made.flatMap(({ predictions }) => predictions),
    intervals: levels.map((level, i) => ({
      level: percentOf(level),
      lower: made.flatMap(({ intervals }) => intervals[i]!.lower),
      upper: made.flatMap(({ intervals }) => intervals[i]!.upper),
    })),
  };
}

/** The first of errors, and how many there are beside it, in a sentence. */
export function explainErrors(errors: readonly RecordError[]): string {
  const { record, message } = errors[0]!;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return `Record ${record}: ${message.replace(/\.$/, "")}${others}.`;
}

function predictTurn(
  model: Model,
  records: readonly unknown[],
  levels: readonly Level[],
): Made {
  const memory = records.length === 1 ? memoryForOne(model) : undefined;
  const { columns, errors } = readRecords(records, MAX_ERRORS, memory?.columns);
  if (errors.length === 0) errors.push(...missingWeeks(model, columns, MAX_ERRORS));
  return errors.length > 0 ? { errors } : predictColumns(model, columns, levels, memory?.workspace);
}

interface Memory {
  columns: FeatureColumns;
  workspace: Workspace;
}

const memories = new WeakMap<Model, Memory>();

/** What a single record's forecast takes, one after the other. */
function memoryForOne(model: Model): Memory {
  let memory = memories.get(model);
  if (!memory) {
    const columns = emptyColumns(1);
    memories.set(model, memory = { columns, workspace: makeWorkspace(model, columns) });
  }
  return memory;
}

/** Forecasts of encoded records whose weeks exist. */
export function predictColumns(
  model: Model,
  columns: FeatureColumns,
  levels: readonly Level[],
  workspace?: Workspace,
): Predictions {
  const forecasts = forecast(model, columns, workspace);
  return {
    predictions: listOf(forecasts.predictions),
    intervals: levels.map((level) => {
      const { lower, upper } = intervals(model, forecasts, level);
      return { level: percentOf(level), lower: listOf(lower), upper: listOf(upper) };
    }),
  };
}

/** For one or two numbers, spreading them takes longer than a tree. */
function listOf(numbers: Float64Array): number[] {
  const list: number[] = [];
  for (let i = 0; i < numbers.length; i++) list.push(numbers[i]!);
  return list;
}

/** The records whose year has no such week. */
export function missingWeeks(
  { outlook: { origin } }: Pick<Model, "outlook">,
  { Year, Month, Week }: Pick<FeatureColumns, "Year" | "Month" | "Week">,
  most: number,
): RecordError[] {
  const errors: RecordError[] = [];
  for (let row = 0; row < Year.length && errors.length < most; row++) {
    const year = Year[row]!, week = Week[row]!;
    if (findWeek(year, week, origin, Month[row]!) !== undefined) continue;
    errors.push({
      record: row,
      field: "Week",
      code: "no_such_week",
      message: `Expected a week that the year ${year} has for Week, but found ${week}.`,
    });
  }
  return errors;
}

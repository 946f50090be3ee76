import { formatDay, parseDay } from "../lib/features/calendar.ts";
import type { Prediction, Question, Read, Series } from "./answers.ts";
import type { Term } from "./components/waterfall.tsx";
import type { Failure } from "./failures.ts";
import type { FormRecord } from "./record_form.ts";
import { dayOfRecord, weekFields } from "./weeks.ts";

/** Whom to ask: the API on the server, the pages' server in a browser. */
export interface Asker {
  predict(question: Question): Promise<Read<Prediction>>;
  series(model: string, store: number, dept: number): Promise<Read<Series>>;
}

/** What the page says of a model that can be chosen. */
export interface ModelChoice {
  name: string;
  isDefault: boolean;
  /** Weighted mean absolute error over the validation weeks, in USD. */
  wmae: number | null;
  /** Share by which it is better than last year's week. */
  skill: number | null;
  /** Last week that it knows. */
  origin: string;
  /** Levels of its intervals, in per cent. */
  intervals: number[];
}

/** A forecast, with all that the page shows of it. */
export interface Forecast {
  model: string;
  /** The week, as an ISO date; none where the record names no week. */
  date: string | null;
  store: number;
  dept: number;
  prediction: number;
  /** In how many of a hundred weeks sales are within. */
  range: { level: number; lower: number; upper: number } | null;
  terms: Term[];
  /** Sales of the same week of the year before, where the model knows them. */
  lastYear: number | null;
  /** Of the store and department; none where the model does not know them. */
  series: Series | null;
}

/** How many past weeks are shown. */
const PAST_WEEKS = 60;

/** Asks for the forecast of one record. */
export async function askForecast(
  asker: Asker,
  model: ModelChoice,
  record: FormRecord,
): Promise<Read<Forecast>> {
  const store = Number(record.Store), dept = Number(record.Dept);
  const intervals = model.intervals.length > 0;
  const [found, series] = await Promise.all([
    asker.predict({ model: model.name, records: [record], intervals, contributions: true }),
    asker.series(model.name, store, dept),
  ]);
  if (found.failure) return { failure: found.failure };
  const { predictions, intervals: ranges, contributions } = found.value;
  const [range] = ranges.toSorted((a, b) => a.level - b.level);
  const day = dayOfRecord(record, parseDay(model.origin) ?? 0);
  const date = day === undefined ? null : formatDay(day);
  return {
    value: {
      model: found.value.model_name,
      date,
      store,
      dept,
      prediction: predictions[0]!,
      range: range ? { level: range.level, lower: range.lower[0]!, upper: range.upper[0]! } : null,
      terms: contributions[0]?.terms ?? [],
      lastYear: series.value?.forecast.find((week) => week.date === date)?.last_year ?? null,
      // What it does not know of a series is no failure of the forecast.
      series: series.value
        ? { ...series.value, history: series.value.history.slice(-PAST_WEEKS) }
        : null,
    },
  };
}

/** A forecast of each coming week with all else as in a record. */
export interface Outlook {
  dates: string[];
  predictions: number[];
  lower: number[] | null;
  upper: number[] | null;
}

/** How many coming weeks are shown. */
const WEEKS = 39;

/** Asks what a record's store and department would sell in each of the coming weeks. */
export async function askOutlook(
  asker: Asker,
  model: ModelChoice,
  record: FormRecord,
): Promise<Read<Outlook>> {
  const origin = parseDay(model.origin) ?? 0;
  const days = Array.from({ length: WEEKS }, (_, week) => origin + 7 * (week + 1));
  const records = days.map((day) => ({ ...record, ...weekFields(day) }));
  const intervals = model.intervals.length > 0;
  const found = await asker.predict({
    model: model.name,
    records,
    intervals,
    contributions: false,
  });
  if (found.failure) return { failure: found.failure };
  const [range] = found.value.intervals.toSorted((a, b) => a.level - b.level);
  return {
    value: {
      dates: days.map(formatDay),
      predictions: found.value.predictions,
      lower: range?.lower ?? null,
      upper: range?.upper ?? null,
    },
  };
}

/** What the API complains of in the one record that was sent, by feature. */
export function complaintsOf({ errors }: Failure): Record<string, string> {
  return Object.fromEntries(
    errors.flatMap(({ field, message }) => field === undefined ? [] : [[field, message]]),
  );
}

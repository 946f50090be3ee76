/**
 * What the pages read of the API's answers, checked on the server. What is not needed is not asked
 * for, and what older or newer versions of the API may leave out has a default.
 *
 * @module
 */

import { z } from "zod";
import type { CallApi } from "./api.ts";
import { type Failure, readFailure } from "./failures.ts";

const number = z.number();
const finite = z.number().nullable().catch(null);
/** Charts would read a text that is no date as their own markup. */
const date = z.iso.date();

const Metrics = z.object({
  rmse: finite,
  mae: finite,
  wmae: finite,
  r2: finite,
  bias: finite,
  n: finite,
  skill: finite.optional(),
});

/** How well forecasts were. */
export type Metrics = z.infer<typeof Metrics>;

const Model = z.object({
  name: z.string(),
  version: z.string().catch(""),
  algorithm: z.string().catch(""),
  is_default: z.boolean().catch(false),
  size_bytes: number.catch(0),
  origin: date,
  metrics: z.object({
    train: Metrics.optional().catch(undefined),
    folds: Metrics.optional().catch(undefined),
    validation: Metrics.optional().catch(undefined),
  }).catch({}),
  baseline: z.object({
    name: z.string(),
    validation: Metrics,
    folds: Metrics.optional().catch(undefined),
  }).nullable().catch(null),
  training: z.object({
    fitted_on: z.string().catch(""),
    rows: number.catch(0),
    weeks: z.object({ first: z.string(), last: z.string(), count: number }).nullable().catch(null),
    split: z.unknown(),
    parameters: z.record(z.string(), z.unknown()).catch({}),
  }).nullable().catch(null),
  importance: z.record(z.string(), number).catch({}),
  intervals: z.array(number).catch([]),
  registry: z.object({
    name: z.string().optional().catch(undefined),
    version: z.union([z.string(), number]).optional().catch(undefined),
    alias: z.string().optional().catch(undefined),
    run: z.string().optional().catch(undefined),
    git_commit: z.string().optional().catch(undefined),
  }).nullable().catch(null),
  example: z.record(z.string(), z.union([number, z.string(), z.boolean(), z.null()])),
});

/** A model that the API serves. */
export type Model = z.infer<typeof Model>;

const Models = z.object({
  default_model: z.string().nullable(),
  models: z.array(Model),
});

/** The models that the API serves. */
export type Models = z.infer<typeof Models>;

const Stores = z.object({
  stores: z.array(z.object({
    store: number,
    type: z.string(),
    size: number,
    departments: z.array(number),
  })),
});

/** The stores that the model knows. */
export type Stores = z.infer<typeof Stores>["stores"];

const Series = z.object({
  origin: date,
  history: z.array(z.object({ date, sales: z.number().nullable() })),
  forecast: z.array(z.object({
    date,
    prediction: number,
    lower_80: number.nullish().transform((value) => value ?? null),
    upper_80: number.nullish().transform((value) => value ?? null),
    last_year: number.nullish().transform((value) => value ?? null),
  })),
});

/** Past sales of one department of a store, and what the model expects next. */
export type Series = z.infer<typeof Series>;

const Prediction = z.object({
  model_name: z.string(),
  model_version: z.string().catch(""),
  predictions: z.array(number).min(1),
  intervals: z.array(
    z.object({ level: number, lower: z.array(number), upper: z.array(number) }),
  ).catch([]),
  contributions: z.array(z.object({
    terms: z.array(z.object({ feature: z.string(), contribution: number })),
  })).catch([]),
});

/** What the API answers to records. */
export type Prediction = z.infer<typeof Prediction>;

const Evaluation = z.object({
  slices: z.record(z.string(), z.record(z.string(), Metrics.partial())).catch({}),
  coverage: z.array(z.object({ level: number, coverage: number, mean_width: number })).catch([]),
  learning_curve: z.array(z.object({ trees: number, wmae: number })).nullish().catch(null),
  total_by_week: z.array(z.object({
    date,
    actual: finite,
    forecast: finite,
    baseline: finite,
  })).catch([]),
  residuals: z.object({ edges: z.array(number), counts: z.array(number) }).nullish().catch(null),
  predicted_vs_actual: z.object({
    edges: z.array(number),
    counts: z.array(z.array(number)),
  }).nullish().catch(null),
});

/** The card of a model's evaluation. */
export type Evaluation = z.infer<typeof Evaluation>;

const Health = z.object({ failed: z.array(z.object({ problem: z.string() })) });

/** What a read gives: the value, or why there is none. */
export type Read<T> = { value: T; failure?: undefined } | { value?: undefined; failure: Failure };

/** Reads from the API what a page needs. */
export interface Reader {
  models(): Promise<Read<Models>>;
  stores(): Promise<Read<Stores>>;
  series(model: string, store: number, dept: number): Promise<Read<Series>>;
  evaluation(model: string): Promise<Read<Evaluation>>;
  predict(question: Question): Promise<Read<Prediction>>;
  /** What is wrong with files that the API could not read, a sentence each. */
  problems(): Promise<string[]>;
}

/** What is asked of a model. */
export interface Question {
  model: string;
  records: readonly unknown[];
  /** Whether ranges are asked for too; not every model has them. */
  intervals: boolean;
  /** Whether it is asked what moved each forecast. */
  contributions: boolean;
}

/** A {@linkcode Reader} of the API that `call` reaches. */
export function createReader(call: CallApi): Reader {
  return {
    models: () => read(call("/models"), Models),
    async stores() {
      const { value, failure } = await read(call("/stores"), Stores);
      return value ? { value: value.stores } : { failure };
    },
    series: (model, store, dept) =>
      read(
        call(`/models/${encodeURIComponent(model)}/series?store=${store}&dept=${dept}`),
        Series,
      ),
    evaluation: (model) =>
      read(call(`/models/${encodeURIComponent(model)}/evaluation`), Evaluation),
    predict: (question) =>
      read(
        call("/predict", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(predictBody(question)),
        }),
        Prediction,
      ),
    async problems() {
      // Told whether the API is well or not; the page does without where it is not told at all.
      const body = await (await call("/health")).json().catch(() => undefined);
      return Health.safeParse(body).data?.failed.map(({ problem }) => problem) ?? [];
    },
  };
}

function predictBody({ model, records, intervals, contributions }: Question) {
  return {
    model_name: model,
    records,
    ...(intervals ? { intervals: true } : {}),
    ...(contributions ? { contributions: true } : {}),
  };
}

async function read<T>(pending: Promise<Response>, type: z.ZodType<T>): Promise<Read<T>> {
  const response = await pending;
  if (!response.ok) return { failure: await readFailure(response) };
  const found = type.safeParse(await response.json().catch(() => undefined));
  if (found.success) return { value: found.data };
  const [issue] = found.error.issues;
  return {
    failure: {
      status: 502,
      message: "The forecast service answered something that this page does not understand " +
        `(${issue?.path.join(".") || "the whole answer"}). Both have to be of the same version.`,
      errors: [],
      canRetry: true,
    },
  };
}

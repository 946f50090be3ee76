import { join } from "node:path";
import { z } from "zod";
import { type Profile, readProfile } from "../dataset/profile.ts";
import { UserError } from "../errors.ts";
import { BASELINE } from "../evaluation/baseline.ts";
import { cardPath, readCard } from "../evaluation/card/file.ts";
import { readModels } from "../evaluation/read_models.ts";
import { readServedModels } from "../evaluation/read_served.ts";
import { readTextFile } from "../files.ts";
import type { Model } from "../model/model.ts";
import { modelParameters } from "../model/model_parameters.ts";
import { readParams } from "../params.ts";
import { type Params, splitSchema } from "../params_schema.ts";
import type { Slices } from "./model_description.ts";

/** What to do where a result is missing, damaged or out of date. */
export const HINT = "Run `deno task repro`.";

const METRICS = "metrics/metrics_all.json";
const BEST = "metrics/best_val_metrics.json";
const PROFILE = "data/processed/profile.json";

const figuresSchema = z.object({ split: splitSchema.shape.strategy })
  .catchall(z.union([z.number(), z.string()]));
const metricsAllSchema = z.record(
  z.string(),
  z.object({
    train: figuresSchema.optional(),
    folds: figuresSchema.optional(),
    val: figuresSchema,
  }),
);
const bestSchema = figuresSchema.extend({ model: z.string(), selected_by: z.string() });

/** Figures by name, with labels such as the split among them. */
export type LabelledFigures = z.infer<typeof figuresSchema>;

/** What the pipeline's files say, checked to belong together; see {@linkcode readResultFiles}. */
export interface ResultFiles {
  params: Params;
  /** The candidates, in their order. */
  models: Model[];
  /** By name of a model, and of the baseline, which has no `train`. */
  metrics: z.infer<typeof metricsAllSchema>;
  best: z.infer<typeof bestSchema>;
  profile: Profile;
}

/**
 * Reads params.yaml, the candidates' models, metrics/metrics_all.json,
 * metrics/best_val_metrics.json and data/processed/profile.json, and checks that they belong
 * together:
 * - the models are whole and learned from data/processed/train.parquet, see {@linkcode readModels};
 * - those of models/NAME.json, which are served, were trained together with them, and have their
 *   evaluation cards beside them;
 * - models, profile and metrics were made with the values of params.yaml;
 * - the metrics are those of these models: each model holds its own, from when it was trained.
 *
 * @param base The project's folder.
 * @throws {UserError} naming a file that is missing or of another shape, or a value that is not the
 * same in two files.
 */
export async function readResultFiles(base: string): Promise<ResultFiles> {
  const params = await readParams(join(base, "params.yaml"));
  const models = await readModels(base);
  const metrics = await readJson(base, METRICS, metricsAllSchema);
  const best = await readJson(base, BEST, bestSchema);
  const profile = await readProfile(join(base, PROFILE));
  requireParams(params, models, best, profile);
  requireMetrics(params, models, metrics, best);
  await requireServed(base, models);
  return { params, models, metrics, best, profile };
}

const slicesSchema = z.object({
  slices: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
});

/** Validation metrics of a model by slice, from metrics/val_metrics_NAME.json. */
export async function readSlices(base: string, name: string): Promise<Slices> {
  return (await readJson(base, `metrics/val_metrics_${name}.json`, slicesSchema)).slices;
}

function requireParams(
  params: Params,
  models: Model[],
  best: ResultFiles["best"],
  profile: Profile,
): void {
  requireSame(`${PROFILE}: split`, profile.split, "params.yaml", params.split);
  for (const { name, training } of models) {
    const { shares, ...parameters } = training.parameters;
    const { shares: _, ...wanted } = modelParameters(name, params, shares ?? NO_SHARES);
    for (const [section, values] of Object.entries(wanted)) {
      const found = parameters[section as keyof typeof wanted] ?? {};
      requireSame(`params.yaml: ${section}`, values, modelFile(name), found);
    }
    requireSame(`${PROFILE}: split`, profile.split, modelFile(name), training.split);
  }
  requireSame("params.yaml: select", params.select, BEST, { metric: best.selected_by });
}

function requireMetrics(
  params: Params,
  models: Model[],
  metrics: ResultFiles["metrics"],
  best: ResultFiles["best"],
): void {
  const names = [...models.map(({ name }) => name), BASELINE];
  const found = Object.keys(metrics);
  if (found.toSorted().join() !== names.toSorted().join()) {
    throw new UserError(
      `${METRICS}: expected figures of ${names.join(", ")}, but found those of ${
        found.join(", ") || "none"
      }. ${HINT}`,
    );
  }
  const split = params.split.strategy;
  for (const { name, training } of models) {
    const { train = {}, folds = {}, val } = metrics[name]!;
    const own = training.metrics;
    const file = modelFile(name);
    requireSame(`${file}: train`, { ...own.train }, `${METRICS} (${name})`, train);
    requireSame(`${file}: folds`, { ...own.folds }, `${METRICS} (${name})`, folds);
    requireSame(`${file}: validation`, { ...own.validation, split }, `${METRICS} (${name})`, val);
  }
  const { val: baseline } = metrics[BASELINE]!;
  requireSame("params.yaml: split", { strategy: split }, METRICS, { strategy: baseline.split });
  const chosen = models.find(({ name }) => name === best.model);
  if (chosen === undefined) {
    throw new UserError(`${BEST} names "${best.model}", which is no model of ${METRICS}. ${HINT}`);
  }
  requireSame(`${METRICS}: ${chosen.name}.val`, metrics[chosen.name]!.val, BEST, best);
}

/** The models to serve are there, and their cards are theirs. */
async function requireServed(base: string, models: Model[]): Promise<void> {
  for (const { name, checksum } of await readServedModels(base, models)) {
    const path = join(base, `models/${name}.json`);
    if (await readCard(path, checksum) === undefined) {
      throw new UserError(`${cardPath(path)} is missing, or of another ${name}.json. ${HINT}`);
    }
  }
}

const modelFile = (name: string) => `models/validation/${name}.json`;

const NO_SHARES = { rf: 0, gbr: 0 };

/** A record of values that did not make these results would be worse than none. */
function requireSame(section: string, wanted: object, source: string, used: object): void {
  const values = new Map<string, unknown>(Object.entries(used));
  for (const [key, value] of Object.entries(wanted)) {
    if (values.get(key) === value) continue;
    throw new UserError(
      `${section}.${key} is ${value}, but ${source} has ${values.get(key)}. ${HINT}`,
    );
  }
}

async function readJson<T>(base: string, file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readTextFile(join(base, file), HINT);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not valid JSON. ${HINT}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const key = issue.path.join(".") || "the document";
  throw new UserError(`${file}: ${key}: ${issue.message}. ${HINT}`);
}

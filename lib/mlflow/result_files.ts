import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { readTextFile } from "../files.ts";
import { type Params, readParams } from "../params.ts";

/** What to do where a result is missing, damaged or out of date. */
export const HINT = "Run `deno task repro`.";

// JSON has no NaN: a metric that is not defined is null there.
const metric = z.number().nullable().transform((value) => value ?? NaN);
const strategy = z.enum(["time", "random"]);
const metricsSchema = z.object({ split: strategy }).catchall(z.union([metric, z.string()]));
// The names become parts of paths, of metric names and of a registered model's name.
const name = z.string().regex(/^[a-z][a-z0-9_]*$/);
const metricsAllSchema = z.record(
  name,
  z.object({ train: metricsSchema.optional(), val: metricsSchema }),
);
const bestSchema = metricsSchema.and(z.object({ model: name }));
const profileSchema = z.looseObject({ split: z.record(z.string(), z.unknown()) });
const modelSchema = z.object({
  training: z.object({ parameters: z.record(z.string(), z.unknown()) }),
});

/** Figures by name, with labels such as the split among them. */
export type LabelledFigures = z.infer<typeof metricsSchema>;

/** What the pipeline's JSON files say, checked to belong together. */
export interface ResultFiles {
  params: Params;
  /** By name of a model, or of a baseline, which has no `train`. */
  metrics: z.infer<typeof metricsAllSchema>;
  best: z.infer<typeof bestSchema>;
  profile: z.infer<typeof profileSchema>;
  /** Names of the models, and what each was trained with. */
  models: Record<string, Record<string, unknown>>;
  /** Names of the baselines. */
  baselines: string[];
}

/**
 * Reads metrics/metrics_all.json, metrics/best_val_metrics.json, data/processed/profile.json,
 * params.yaml and the models' training facts.
 *
 * @param base The project's folder.
 * @throws {UserError} naming a file that is missing or of another shape, or the value in params.yaml
 * that the results were not made with.
 */
export async function readResultFiles(base: string): Promise<ResultFiles> {
  const params = await readParams(join(base, "params.yaml"));
  const metrics = await readJson(base, "metrics/metrics_all.json", metricsAllSchema);
  const best = await readJson(base, "metrics/best_val_metrics.json", bestSchema);
  const profile = await readJson(base, "data/processed/profile.json", profileSchema);
  const models: ResultFiles["models"] = {};
  const baselines: string[] = [];
  for (const [name, { train }] of Object.entries(metrics)) {
    if (train === undefined) baselines.push(name);
    else {
      const model = await readJson(base, `models/${name}.json`, modelSchema);
      models[name] = model.training.parameters;
    }
  }
  if (!(best.model in models)) {
    throw new UserError(
      `metrics/best_val_metrics.json names the model "${best.model}", which ` +
        `metrics/metrics_all.json has no training metrics of. ${HINT}`,
    );
  }

  requireSame("split", params.split, profile.split, "data/processed/profile.json");
  for (const [name, { val }] of Object.entries(metrics)) {
    const source = `metrics/metrics_all.json (${name})`;
    requireSame("split", { strategy: params.split.strategy }, { strategy: val.split }, source);
  }
  for (const [name, parameters] of Object.entries(models)) {
    const section = Object.entries(params).find(([key]) => key === name)?.[1] ?? {};
    requireSame(name, section, parameters, `models/${name}.json`);
  }
  return { params, metrics, best, profile, models, baselines };
}

/** A record that names values which did not make these results would be worse than none. */
function requireSame(
  section: string,
  wanted: Record<string, unknown>,
  used: Record<string, unknown>,
  source: string,
): void {
  for (const [key, value] of Object.entries(wanted)) {
    if (used[key] === value) continue;
    throw new UserError(
      `params.yaml: ${section}.${key} is ${value}, but ${source} was made with ${
        used[key]
      }. ${HINT}`,
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

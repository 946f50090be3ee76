import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { RAW_PATHS } from "../dataset/raw_files.ts";
import { UserError } from "../errors.ts";
import { BASELINE } from "../evaluation/baseline.ts";
import { parsePromotion, type Promotion } from "../mlflow/promotion_record.ts";

const metrics = z.object({
  rmse: z.number(),
  mae: z.number(),
  wmae: z.number(),
  r2: z.number(),
  n: z.number(),
});

const lockedFile = z.object({ path: z.string(), md5: z.string(), size: z.number().optional() });

const schemas = {
  best: z.object({
    model: z.string(),
    split: z.enum(["time", "random"]),
    validation: z.string(),
    selected_by: z.enum(["rmse", "mae", "wmae"]),
    chosen_on: z.string(),
  }),
  all: z.record(z.string(), z.object({ folds: metrics.optional(), val: metrics })),
  model: z.object({ slices: z.record(z.string(), z.record(z.string(), metrics)) }),
  lock: z.object({
    stages: z.record(
      z.string(),
      z.object({
        deps: z.array(lockedFile).default([]),
        outs: z.array(lockedFile).default([]),
        params: z.record(z.string(), z.unknown()).default({}),
      }),
    ),
  }),
  pointer: z.object({
    outs: z.tuple([z.object({ path: z.string(), md5: z.string(), size: z.number() })]),
  }),
};

/** Metrics on some rows, errors in USD a week. */
export type Figures = z.infer<typeof metrics>;

/** What DVC knows of a file. */
export interface FileFacts {
  md5: string;
  /** In bytes. */
  size: number | undefined;
}

/** Values by their dotted names, such as `rf.n_estimators`. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What one run of the pipeline left in the files that Git keeps, and its champions where logged. */
export interface ResultSet {
  best: z.infer<typeof schemas.best>;
  /** By model, the baseline among them. */
  figures: Readonly<Record<string, { folds?: Figures | undefined; val: Figures }>>;
  /** Of validation: by model, by slicing, by part. */
  slices: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Figures>>>>>>;
  /** Sales of all stores by week of validation, in USD: the columns of total_by_week.csv. */
  weeks: Readonly<Record<string, readonly number[]>>;
  /** Of params.yaml. */
  parameters: Parameters;
  /** Raw tables that Git's working tree or revision points to. */
  data: Readonly<Record<string, FileFacts>>;
  /** What dvc.lock says that the figures were made of. */
  made: {
    parameters: Parameters;
    data: Readonly<Record<string, FileFacts>>;
    programs: Readonly<Record<string, FileFacts>>;
    /** Files that a stage has made anew since the next one read them. */
    outdated: readonly string[];
  };
  promotion: Promotion | undefined;
}

/** Text of a file of the project, or `undefined` where it is not there. */
export type ReadText = (path: string) => Promise<string | undefined>;

const PROMOTION = "metrics/promotion.json";

/** Stages whose outcome the figures are. */
const STAGES = ["preprocess", "train", "eval"];

/**
 * Reads the results of a working tree or of a revision.
 *
 * @param read Reads a file by its path below the project's folder.
 * @param where What is read, for messages, such as `this folder` or `main`.
 * @returns `undefined` where there are no results.
 * @throws {UserError} naming a file that is missing beside others, or of another shape.
 */
export async function readResultSet(
  read: ReadText,
  where: string,
): Promise<ResultSet | undefined> {
  const bestText = await read("metrics/best_val_metrics.json");
  if (bestText === undefined) return undefined;
  const need = async (path: string): Promise<string> => {
    const text = await read(path);
    if (text !== undefined) return text;
    throw new UserError(`${path} is missing in ${where}. Make it with \`deno task repro\`.`);
  };
  const json = async <T>(path: string, schema: z.ZodType<T>) =>
    check(await need(path), JSON.parse, schema, path, where);
  const yaml = async <T>(path: string, schema: z.ZodType<T>) =>
    check(await need(path), parse, schema, path, where);

  const best = await json("metrics/best_val_metrics.json", schemas.best);
  const figures = await json("metrics/metrics_all.json", schemas.all);
  for (const name of [best.model, BASELINE]) {
    if (!figures[name]) {
      throw new UserError(
        `metrics/metrics_all.json of ${where} lacks ${name}. Make it with \`deno task repro\`.`,
      );
    }
  }
  const slices: Record<string, ResultSet["slices"][string]> = {};
  for (const name of Object.keys(figures)) {
    slices[name] = (await json(`metrics/val_metrics_${name}.json`, schemas.model)).slices;
  }
  const data: Record<string, FileFacts> = {};
  for (const path of RAW_PATHS) {
    const [{ md5, size }] = (await yaml(`${path}.dvc`, schemas.pointer)).outs;
    data[path] = { md5, size };
  }
  const { stages } = await yaml("dvc.lock", schemas.lock);
  const ran = STAGES.flatMap((name) => stages[name] ?? []);
  const deps = Object.fromEntries(
    ran.flatMap((stage) => stage.deps).map(({ path, md5, size }) => [path, { md5, size }]),
  );
  const outs = new Map(ran.flatMap((stage) => stage.outs).map(({ path, md5 }) => [path, md5]));
  const outdated = ran.flatMap((stage) => stage.deps)
    .filter(({ path, md5 }) => outs.has(path) && outs.get(path) !== md5);
  const only = (wanted: (path: string) => boolean) =>
    Object.fromEntries(Object.entries(deps).filter(([path]) => wanted(path)));
  const promotion = await read(PROMOTION);
  return {
    best,
    figures,
    slices,
    weeks: readWeeks(await need("metrics/total_by_week.csv")),
    parameters: flatten(await yaml("params.yaml", z.record(z.string(), z.unknown()))),
    data,
    made: {
      parameters: Object.assign({}, ...ran.map(({ params }) => flatten(params["params.yaml"]))),
      data: only((path) => RAW_PATHS.includes(path)),
      programs: only((path) => /^(lib|pipeline)\//.test(path)),
      outdated: [...new Set(outdated.map(({ path }) => path))],
    },
    promotion: promotion === undefined ? undefined : readPromotion(promotion),
  };
}

function readPromotion(text: string): Promotion {
  try {
    return parsePromotion(text, PROMOTION);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${PROMOTION} is damaged. Make it again with \`deno task log\`.`);
  }
}

function check<T>(
  text: string,
  read: (text: string) => unknown,
  schema: z.ZodType<T>,
  path: string,
  where: string,
): T {
  let value: unknown;
  try {
    value = read(text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof YAMLParseError)) throw error;
    value = undefined;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const key = result.error.issues[0]!.path.join(".");
  throw new UserError(
    `${path} of ${where} has another shape than this program writes${key && ` (at ${key})`}. ` +
      "Make it again with `deno task repro`.",
  );
}

/** Values within values by their dotted names. */
function flatten(value: unknown, prefix = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return prefix ? { [prefix]: value } : {};
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, each]) => flatten(each, prefix ? `${prefix}.${key}` : key)),
  );
}

/** Its numbers by column; its cells hold neither commas nor quotes. */
function readWeeks(csv: string): Record<string, number[]> {
  const [header, ...rows] = csv.trim().split(/\r?\n/).map((line) => line.split(","));
  return Object.fromEntries(
    header!.map((name, column) => [name, rows.map((cells) => Number(cells[column]))])
      .filter(([name]) => name !== "Date"),
  );
}
